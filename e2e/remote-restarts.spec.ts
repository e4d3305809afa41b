import { fork } from "node:child_process";
import { once } from "node:events";
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

import type { Page } from "@playwright/test";

import type { ColumnMapping } from "@/lib/domain/mapping";

import { expect, test } from "./fixtures";
import { dropFile, openColumns, useColumn } from "./import-journey";
import {
  asStored,
  expectedEntries,
  readTable,
  sampleFile,
  type StoredEntry,
} from "./read-table";
import { createStudio, type RestartableStudio } from "./restartable-studio";

const PORTS = sampleFile("world-port-index.tsv");
const COUNTRIES = sampleFile("country-codes-multilingual.csv");
const ACCOUNT = {
  email: "ada@example.com",
  password: "seven calm yellow boats",
};
const ADMIN = "lib/cli/admin.ts";

test("a file reaches a second Studio whole, while that one dies, the tab is closed and this one starts anew", async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const [studio, second] = await Promise.all([createStudio(), createStudio()]);
  const gate = await openGate(second.ingestUrl);
  try {
    await Promise.all([studio.start(), second.start()]);
    const { id, secret } = await openSource(second, "ports");
    await studio.run(
      ADMIN,
      [
        ...["user", "create", "--email", ACCOUNT.email],
        ...["--role", "admin", "--password-stdin"],
      ],
      ACCOUNT.password,
    );
    const context = await browser.newContext({ baseURL: studio.url });
    const page = await context.newPage();
    await signIn(page);
    const sourceId = await addEndpoint(page, {
      ...{ url: gate.url, id, secret, source: "ports" },
    });

    // After two imports nothing more is answered.
    gate.closeAfter(2);
    await dropFile(page, sourceId, PORTS);
    await openColumns(page);
    await page.getByRole("button", { name: "Check every row" }).click();
    await page.getByRole("button", { name: /^Import 4,044 entr/ }).click();
    await expect(page.getByText(/ handed over, on the way to/)).toBeVisible();
    await gate.held();
    await page.getByRole("link", { name: "Details of this run" }).click();
    await expect(page).toHaveURL(/\/imports\/[0-9a-f-]{36}$/);
    const runUrl = page.url();
    await page.close();

    await Promise.all([second.end("SIGKILL"), studio.end("SIGTERM")]);
    await Promise.all([second.start(), studio.start()]);
    gate.open();

    const later = await context.newPage();
    await later.goto(runUrl);
    await expect(later.getByText("4,044 entries imported")).toBeVisible({
      timeout: 90_000,
    });
    await context.close();

    const [run] = JSON.parse(
      await studio.run("e2e/print-stored.ts", ["mapping"]),
    ) as { mapping: ColumnMapping }[];
    if (!run) throw new Error("There is one run.");
    const expected = expectedEntries(readTable(PORTS, "\t"), run.mapping);
    expect(expected.size).toBe(4_044);
    for (const place of [second, studio]) {
      const printed = await place.run("e2e/print-stored.ts", ["entries"]);
      expect(JSON.parse(printed)).toEqual(asStored(expected));
    }
  } finally {
    await gate.close();
    await Promise.all([studio.remove(), second.remove()]);
  }
});

test("a file reaches a remote with every habit, but for the entry that it refuses", async ({
  page,
  stored,
}) => {
  test.slow();
  const remote = await startScripted("NA");
  const { url, providerId: id, secret } = remote;
  const sourceId = await addEndpoint(page, {
    ...{ url, id, secret, source: "products" },
  });
  await dropFile(page, sourceId, COUNTRIES);
  await openColumns(page);
  await useColumn(page, "ISO3166-1-Alpha-3", "Property");
  await useColumn(page, "ISO3166-1-Alpha-2", "Key");
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: /^Import 249 entr/ }).click();
  await expect(page.getByText("248 entries imported, 1 set aside")).toBeVisible(
    { timeout: 90_000 },
  );
  await expect(page.getByText(/Refused with 400/).first()).toBeVisible();

  const expected = expectedEntries(
    readTable(COUNTRIES, ","),
    await stored.mapping(sourceId),
  );
  expect(expected.delete("NA")).toBe(true);
  expect(await remote.entries()).toEqual(asStored(expected));
  expect(await stored.entries(sourceId)).toEqual(asStored(expected));
  await remote.stop();
});

async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(ACCOUNT.email);
  await page.getByLabel(/^Password/).fill(ACCOUNT.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/sources$/);
}

/** Adds an endpoint as a person does, and tries it; gives the id of its source. */
async function addEndpoint(
  page: Page,
  remote: { url: string; id: string; secret: string; source: string },
): Promise<string> {
  await page.goto("/endpoints/new");
  const fill = (name: string, text: string) =>
    page.getByRole("textbox", { name }).fill(text);
  await fill("Name", "Elsewhere");
  await fill("Address of the ingest API", remote.url);
  await fill("Provider id", remote.id);
  await page.getByLabel("Secret").fill(remote.secret);
  await fill("Source identifiers", remote.source);
  await page.getByRole("button", { name: "Add endpoint" }).click();
  await expect(page.getByRole("button", { name: "Test now" })).toBeVisible();
  const sources = (await (await page.request.get("/api/sources")).json()) as {
    id: string;
    endpoint: object | null;
  }[];
  return sources.find(({ endpoint }) => endpoint !== null)?.id ?? "";
}

/** A source of a Studio, and a provider that may import into it. */
async function openSource(studio: RestartableStudio, identifier: string) {
  const source = ["source", "create", "--id", identifier, "--name", "Ports"];
  await studio.run(ADMIN, source);
  const provider = ["provider", "create", "--name", "studio"];
  const said = await studio.run(ADMIN, [
    ...[...provider, "--sources", identifier, "--json"],
  ]);
  return JSON.parse(said) as { id: string; secret: string };
}

/** Stands before an ingest API, and lets so many imports through until it is opened again. */
async function openGate(target: string) {
  let left = Infinity;
  const holding = new Set<ServerResponse>();
  const server = createServer((incoming, outgoing) => {
    if (incoming.url?.startsWith("/import/")) {
      left -= 1;
      if (left < 0) return void holding.add(outgoing);
    }
    pass(incoming, outgoing);
  });
  function pass(incoming: IncomingMessage, outgoing: ServerResponse) {
    const { method, headers, url = "/" } = incoming;
    const passed = forward(
      `${target}${url}`,
      { ...(method && { method }), headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    closeAfter(imports: number) {
      left = imports;
    },
    /** Until an import is held. */
    held: () => expect.poll(() => holding.size).toBeGreaterThan(0),
    open() {
      left = Infinity;
      for (const response of holding) response.destroy();
      holding.clear();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The scripted remote in a process of its own. */
async function startScripted(poisonedKey: string) {
  const script = fileURLToPath(
    new URL("./scripted-remote-process.ts", import.meta.url),
  );
  const child = fork(script, [poisonedKey], {
    execArgv: ["--conditions=react-server", "--import", "tsx"],
    // What Playwright loads into its own processes must not get into this one.
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  const [told] = (await once(child, "message")) as [
    { url: string; providerId: string; secret: string },
  ];
  return {
    ...told,
    async entries(): Promise<StoredEntry[]> {
      const answer = once(child, "message");
      child.send("entries");
      const [entries] = (await answer) as [[string, Record<string, string>][]];
      return entries
        .map(([key, properties]) => ({ key, properties }))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async stop() {
      child.disconnect();
      child.kill();
      await once(child, "exit");
    },
  };
}
