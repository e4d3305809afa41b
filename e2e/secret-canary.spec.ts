import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

import {
  expect,
  test as base,
  type APIRequestContext,
  type BrowserContext,
  type Page,
} from "@playwright/test";

import type { Role } from "@/lib/domain/user";

import { addressesOf, listAppRoutes } from "./app-routes";
import { readBrowserState, readHeap } from "./browser-state";
import type { DumpedValue } from "./dump-database";
import { openEchoingRemote, POISONED_KEY } from "./echoing-remote";
import { giveFile } from "./import-journey";
import { startOwnStudio, type OwnStudio } from "./own-studio";
import { createTextSearch } from "./text-search";

// The journey: secrets are made by the pages as people make them, the remote
// repeats them in all it answers, every page and every route is asked by every
// role, and then all that was answered, logged, printed and kept is searched.
// The search itself is shown to work by a text that is no secret: it stands in
// the same places, and must be found in every one of them.

const WORD_CHARS = 36;
const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** Letters and digits, so that whatever quotes them leaves them as they are. */
const newWord = () =>
  Array.from(randomBytes(WORD_CHARS), (byte) => SIGNS[byte % 62]).join("");

const ROLES: Role[] = ["admin", "editor", "viewer"];

/** What a GET needs to be answered with content, beside its path. */
const QUERIES: Record<string, string[]> = {
  "/api/sources/[sourceId]/entries/export": [
    ...["?format=csv", "?format=csv-raw", "?format=jsonl"],
  ],
  "/api/sources/[sourceId]/known-keys": ["?key=P-1"],
  "/api/sources/[sourceId]/samples": ["?key=P-1"],
  "/api/import-runs/[runId]/undo/changes": ["?batch=1"],
};
/** Bodies of what is no GET; others get an empty object. */
const BODIES: Record<string, object> = {
  "/api/sources/[sourceId]/stored-values": { keys: ["P-1", "P-2"] },
  "/api/media/identifiers": { identifiers: ["one"] },
  "/api/recipes/[recipeId]/keys": { hashes: [] },
};

/** There is nothing of theirs to be had in this journey. */
const UNANSWERED = new Set(["/api/recipe-snapshots/[snapshotId]/parts/[part]"]);

type Place = { where: string; content: Buffer | string };
type Finding = { name: string; where: string };

const test = base.extend<{ studio: OwnStudio }>({
  studio: async ({}, give) => {
    const studio = await startOwnStudio();
    await give(studio);
    await studio.close();
  },
});

test("a secret that is stored is found nowhere but sealed, whatever is asked, answered, logged and kept", async ({
  browser,
  studio,
}) => {
  test.setTimeout(300_000);
  const open = newWord();
  const said = newWord();
  const endpointSecret = `x/+&"<%é ${newWord()}'>ß-9aZ1`;
  const passwords = { admin: newWord(), editor: newWord(), viewer: newWord() };
  const remote = await openEchoingRemote(
    said,
    () => `eyJ0.${newWord()}.${newWord()}`,
  );
  const places: Place[] = [];
  const emailOf = (role: Role) => `${role}@example.com`;

  const contexts = {} as Record<Role, BrowserContext>;
  for (const role of ROLES)
    contexts[role] = await browser.newContext({ baseURL: studio.pages.url });
  const page = await contexts.admin.newPage();

  const [, setupCode = ""] = /setup code: +(\S+)/.exec(studio.output()) ?? [];
  await page.goto("/setup");
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("E-mail address").fill(emailOf("admin"));
  await page.getByLabel(/^Password/).fill(passwords.admin);
  await page.getByLabel("Setup code").fill(setupCode);
  await page.getByRole("button", { name: "Create the account" }).click();
  await expect(page).toHaveURL(/\/sources$/);

  const admin = "lib/cli/admin.ts";
  for (const role of ["editor", "viewer"] as const) {
    const options = ["--email", emailOf(role), "--role", role];
    const made = await studio.run(
      admin,
      ["user", "create", ...options, "--password-stdin"],
      passwords[role],
    );
    expect(made.output, made.log).toContain("Created");
    await signIn(await contexts[role].newPage(), role);
  }

  async function signIn(visitor: Page, role: Role): Promise<void> {
    await visitor.goto("/sign-in");
    await visitor.getByLabel("E-mail address").fill(emailOf(role));
    await visitor.getByLabel(/^Password/).fill(passwords[role]);
    await visitor.getByRole("button", { name: "Sign in" }).click();
    await expect(visitor).toHaveURL(/\/sources$/);
    await visitor.close();
  }

  const provider = await test.step("a source of ours and a provider", () =>
    makeOwnSource(page, studio, `open-${open}`));

  const endpointId =
    await test.step("an endpoint, tested in every mood", async () => {
      await page.goto("/endpoints/new");
      await page
        .getByRole("textbox", { name: "Name" })
        .fill(`Elsewhere ${open}`);
      await page
        .getByRole("textbox", { name: "Address of the ingest API" })
        .fill(remote.url);
      await page.getByRole("textbox", { name: "Provider id" }).fill("p-1");
      await page.getByLabel("Secret").fill(endpointSecret);
      await page
        .getByRole("textbox", { name: "Source identifiers" })
        .fill("far\nfar-held");
      await page.getByRole("button", { name: "Add endpoint" }).click();
      await expect(page.getByText("ends in …9aZ1")).toBeVisible();

      for (const [mood, sentence] of [
        ["wrong secret", /refuses the provider id and secret/],
        ["web page", /has a problem of its own/],
        ["cut off", /cannot be reached/],
        ["redirect", /does not answer like an ingest API/],
        ["odd token", /does not answer like an ingest API/],
        ["token refused", /far: .* does not accept the access token/],
        ["not granted", /far: .* does not know this source/],
        ["well", /far: works/],
      ] as const) {
        remote.become(mood);
        await page.getByRole("button", { name: "Test now" }).click();
        await expect(page.getByText(sentence).first()).toBeVisible();
        places.push({
          where: `the page after a test: ${mood}`,
          content: await readBrowserState(page),
        });
      }
      return page.url().split("/").at(-1) ?? "";
    });
  expect(remote.secrets.every((secret) => secret === endpointSecret)).toBe(
    true,
  );

  const sources = (await (await page.request.get("/api/sources")).json()) as {
    id: string;
    identifier: string;
    endpoint: object | null;
  }[];
  const idOf = (identifier: string) =>
    sources.find((one) => one.identifier === identifier)?.id ?? "";

  await test.step("imports: into ours, and into the remote ones while they fail", async () => {
    remote.become("well");
    await importFile(page, idOf(`open-${open}`), open, /^3 entries imported$/);
    remote.become("away");
    await importFile(page, idOf("far"), open, /has a problem of its own/);
    places.push({
      where: "the run that waits",
      content: await readBrowserState(page),
    });
    remote.become("poisoned");
    await page.getByRole("link", { name: "Details of this run" }).click();
    await page.getByRole("button", { name: "Send again now" }).click();
    await expect(page.getByText(/1 set aside/).first()).toBeVisible();
    remote.become("not granted");
    await importFile(page, idOf("far-held"), open, /Sending has stopped/);
    await page.getByRole("link", { name: "Details of this run" }).click();
    await expect(page.getByText(/\[hidden\]/).first()).toBeVisible();
    await expect(page.getByText(new RegExp(said)).first()).toBeVisible();
  });

  const values = await test.step("machines speak to the ingest API", () =>
    speakAsMachine(studio, provider, `open-${open}`));

  await test.step("the programs of the command line", async () => {
    const commands = [
      ["user", "list"],
      ["provider", "list", "--json"],
      ["keys", "rotate", "--json"],
      ["user", "disable", "--email", open],
    ].map(async (args) => {
      const { output, log } = await studio.run(admin, args);
      const where = `npm run admin -- ${args.join(" ")}`;
      places.push({ where, content: output + log });
    });
    await Promise.all(commands);
  });
  // Sealed with the new key, it is still the one that is sent.
  const before = remote.secrets.length;
  remote.become("well");
  await page.goto(`/endpoints/${endpointId}`);
  await page.getByRole("button", { name: "Test now" }).click();
  await expect(page.getByText("far: works")).toBeVisible();
  expect(remote.secrets.slice(before)).toEqual([endpointSecret]);

  await test.step("every page and every route, as every role", async () => {
    const ids = async (path: string) => {
      const listed = (await (await page.request.get(path)).json()) as unknown;
      return [...JSON.stringify(listed).matchAll(/"id":"([\w-]{36})"/g)].map(
        ([, id = ""]) => id,
      );
    };
    const nobodys = ["00000000-0000-4000-8000-000000000000"];
    const [recipeId] = await ids(
      `/api/sources/${idOf(`open-${open}`)}/recipes`,
    );
    const known: Record<string, string[]> = {
      sourceId: [idOf("far"), idOf(`open-${open}`)],
      runId: await ids("/api/import-runs"),
      providerId: [provider.id],
      endpointId: [endpointId],
      key: ["P-1"],
      dataSource: [`open-${open}`],
      recipeId: recipeId === undefined ? [] : [recipeId],
      fileId: [...(await ids("/api/media")), ...nobodys],
      uploadId: [values.uploadId],
      nextauth: ["csrf", "providers", "session", "signin", "error"],
      sequence: ["1"],
      part: ["0"],
      ...{ submissionId: nobodys, snapshotId: nobodys, forecastId: nobodys },
    };
    places.push(...(await walk(contexts, studio, known, values.token)));
  });

  await test.step("answers while the database is away", async () => {
    const pidFile = join(studio.dataDir, "postgres/cluster/postmaster.pid");
    const [pid] = readFileSync(pidFile, "utf8").split("\n");
    process.kill(Number(pid), "SIGKILL");
    for (const path of [`/endpoints/${endpointId}`, "/api/sources", "/sources"])
      await contexts.admin.request.get(path);
    await expect
      .poll(async () => (await page.request.get("/ready")).status())
      .toBe(200);
  });

  const sessions = await Promise.all(
    ROLES.map(async (role) => {
      const cookies = await contexts[role].cookies();
      return cookies.find(({ name }) => name.includes("session"))?.value ?? "";
    }),
  );
  expect(sessions.every((cookie) => cookie.length > 100)).toBe(true);

  const dump = await studio.run("e2e/dump-database.ts");
  places.push(...readDump(dump.output), ...filesBelow(studio.dataDir));
  places.push({ where: "the log", content: studio.log() });
  places.push({ where: "standard output", content: studio.output() });
  for (const proxy of [studio.pages, studio.ingest]) {
    for (const { method, path, status, headers, body } of proxy.answers) {
      const where = `${status} ${method} ${path}`;
      places.push({
        where: `headers of ${where}`,
        content: `${path}\n${headers}`,
      });
      places.push({ where: `body of ${where}`, content: body });
    }
  }

  const search = createTextSearch({
    ...{ open, said, "the endpoint's secret": endpointSecret.slice(9, 45) },
    ...Object.fromEntries(
      remote.tokens.flatMap((token, at) =>
        token
          .split(".")
          .slice(1)
          .map((part, n) => [`remote token ${at}.${n}`, part]),
      ),
    ),
    "a provider's secret": provider.secret.slice(4),
    "a token of ours": values.token.slice(4),
    ...Object.fromEntries(
      ROLES.map((role) => [`password of ${role}`, passwords[role]]),
    ),
    ...Object.fromEntries(
      sessions.map((cookie, at) => [
        `session ${at}`,
        cookie.slice(-WORD_CHARS * 2),
      ]),
    ),
  });
  const found = places.flatMap(({ where, content }): Finding[] =>
    search.findIn(content).map((name) => ({ name, where })),
  );

  const wherever = (name: string) =>
    found.filter((one) => one.name === name).map(({ where }) => where);
  // What is no secret is found in all kinds of places: the search is not blind.
  for (const kind of [
    ...[/^database entries\.properties/, /^database remote_batches\.body/],
    ...[/^database audit_log\./, /^database recipe_snapshots\./],
    ...[/^file .*pg_wal/, /^file .*postgres\/cluster\/base/],
    ...[/^the log$/, /^npm run admin -- user disable/],
    /^headers of 200 GET .*export\?format=csv$/,
    /^body of 200 GET .*export\?format=csv$/,
    /^body of 200 GET .*export\?format=jsonl$/,
    ...[/^body of 200 GET \/api\/sources$/, /^body of 200 POST \//],
    ...[/^body of 200 GET \/sources\/.*\?_rsc=/, /^page \/endpoints as admin$/],
    /^heap of /,
  ]) {
    expect(wherever("open"), String(kind)).toContainEqual(
      expect.stringMatching(kind),
    );
  }
  // What a remote said is kept, but for what must not be repeated.
  for (const kind of [
    /^database remote_batches\.last_answer/,
    /^body of 200 GET \/api\/import-runs\//,
  ])
    expect(wherever("said"), String(kind)).toContainEqual(
      expect.stringMatching(kind),
    );

  // Shown once, to the person or the program that asked for it.
  const shown = [
    ["a provider's secret", "body of 200 POST /providers/new"],
    ["a token of ours", "body of 200 POST /dataProviders/tokens"],
  ] as const;
  for (const [name, where] of shown) expect(wherever(name)).toEqual([where]);
  const isCookie = ({ name, where }: Finding) =>
    name.startsWith("session") &&
    where.startsWith("headers of 200 POST /api/auth/callback");
  expect(
    found.filter(
      (one) =>
        !["open", "said"].includes(one.name) &&
        !shown.some(([name]) => name === one.name) &&
        !isCookie(one),
    ),
  ).toEqual([]);
  expect(found.filter(isCookie)).toHaveLength(ROLES.length);

  await remote.close();
  for (const context of Object.values(contexts)) await context.close();
});

/** A source, and a provider with its secret as the page shows it once. */
async function makeOwnSource(
  page: Page,
  studio: OwnStudio,
  identifier: string,
) {
  const made = await studio.run("lib/cli/admin.ts", [
    ...["source", "create", "--id", identifier, "--name", identifier],
  ]);
  expect(made.output, made.log).toContain("Created");
  await page.goto("/providers/new");
  await page.getByLabel("Name").fill("ERP");
  await page.getByRole("checkbox", { name: /^open-/ }).check();
  await page.getByRole("button", { name: "Create provider" }).click();
  const dialog = page.getByRole("dialog", { name: "The secret of ERP" });
  const secret = await dialog.getByTestId("secret").innerText();
  expect(secret).toMatch(/^sps_\w{38}$/);
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await dialog.getByRole("button", { name: "Close without" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("ERP");
  return { id: page.url().split("/").at(-1) ?? "", secret };
}

/** Imports three rows by the page, and waits for the sentence. */
async function importFile(
  page: Page,
  sourceId: string,
  open: string,
  sentence: RegExp,
) {
  const rows = ["P-1", "P-2", POISONED_KEY].map(
    (key) => `${key},${open} ${key}`,
  );
  await page.goto(`/sources/${sourceId}/import`);
  await giveFile(page, {
    ...{ name: "open.csv", mimeType: "text/csv" },
    buffer: Buffer.from(["sku,name", ...rows].join("\n")),
  });
  await page.getByRole("button", { name: "Map the columns" }).click();
  await page.getByRole("button", { name: "Check every row" }).click();
  const save = page.getByRole("button", { name: "Save as a recipe" });
  await expect(
    page.getByRole("button", { name: /^Import 3 entr/ }),
  ).toBeVisible();
  if (await save.isVisible()) {
    await save.click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(save).toBeHidden();
  }
  await page.getByRole("button", { name: /^Import 3 entr/ }).click();
  await expect(page.getByText(sentence).first()).toBeVisible();
}

/** A token, an import and a link, and what is refused. */
async function speakAsMachine(
  { ingest }: OwnStudio,
  provider: { id: string; secret: string },
  identifier: string,
) {
  const send = (path: string, body: object, token = "", method = "POST") =>
    fetch(`${ingest.url}${path}`, {
      ...{ method, body: JSON.stringify(body) },
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
      },
    });
  const { id, secret } = provider;
  await send("/dataProviders/tokens", { id, secret: `${secret}x` });
  await send("/dataProviders/tokens", { id: secret, secret: id });
  const granted = await send("/dataProviders/tokens", { id, secret });
  const { result } = (await granted.json()) as {
    result: { accessToken: string };
  };
  const token = result.accessToken;
  await send(`/import/${identifier}`, { entities: [{ key: "P-9" }] }, token);
  await send(`/import/${identifier}`, { entities: "none" }, token);
  await send(`/import/${identifier}`, { entities: [] }, `${token}x`);
  const links = await send(
    "/media/uploads/links",
    { links: [{ link: `${ingest.url}/no-file.png`, filename: "no-file.png" }] },
    token,
    "PUT",
  );
  const told = JSON.stringify(await links.json());
  const [, uploadId = ""] = /"uploadId":"([\w-]+)"/i.exec(told) ?? [];
  return { token, uploadId };
}

/** Asks every page and every route as every role; what the pages held in the browser. */
async function walk(
  contexts: Record<Role, BrowserContext>,
  studio: OwnStudio,
  known: Record<string, string[]>,
  token: string,
): Promise<Place[]> {
  const places: Place[] = [];
  const routes = listAppRoutes();
  expect(routes.length).toBeGreaterThan(60);
  const pages = routes.filter(({ isPage }) => isPage);
  const pathsWith = (values: Record<string, string[]>) =>
    pages.flatMap(({ pattern }) => addressesOf(pattern, values));
  // In the browser with what has to do with the endpoint, else by request.
  const visited = { ...known };
  for (const name of ["sourceId", "runId"])
    visited[name] = known[name]?.slice(0, 1) ?? [];
  const wrong = ["/no-such-page", "/sources/nobodys", "/imports/x"];
  const readAsAdmin = async () => {
    const page = await contexts.admin.newPage();
    for (const path of [...pathsWith(visited), ...wrong]) {
      await page.goto(path, { waitUntil: "domcontentloaded" });
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      // A redirect may still be on its way.
      let content = "";
      await expect(async () => {
        content = await readBrowserState(page);
      }).toPass({ timeout: 60_000 });
      places.push({ where: `page ${path} as admin`, content });
      if (/endpoints\/.{36}$/.test(path))
        places.push({
          where: `heap of ${path}`,
          content: await readHeap(page),
        });
    }
    await page.close();
  };
  const requestAs = async (role: Role) => {
    const { request } = contexts[role];
    for (const path of pathsWith(known)) {
      const whole = await request.get(path);
      expect(whole.status(), `${path} as ${role}`).toBe(200);
      await request.get(path, { headers: { rsc: "1" } });
    }
    for (const path of wrong) await request.get(path);
  };
  await Promise.all([readAsAdmin(), ...ROLES.map(requestAs)]);
  await callRoutes(contexts, studio, known, token);
  return places;
}

async function callRoutes(
  contexts: Record<Role, BrowserContext>,
  { pages, ingest }: OwnStudio,
  known: Record<string, string[]>,
  token: string,
): Promise<void> {
  const calls = listAppRoutes()
    .filter(({ isPage }) => !isPage)
    .flatMap(({ pattern, methods }) =>
      methods.flatMap((method) =>
        addressesOf(pattern, known).flatMap((path) =>
          (method === "GET" ? (QUERIES[pattern] ?? [""]) : [""]).map(
            (query) => ({ pattern, method, path: path + query }),
          ),
        ),
      ),
    )
    // What takes away comes last.
    .sort(
      (a, b) => Number(a.method === "DELETE") - Number(b.method === "DELETE"),
    );
  const isWire = (path: string) =>
    /^\/(?:dataProviders|import|media)\//.test(path);
  const answered = new Set<string>();
  for (const { pattern, method, path } of calls) {
    const ask = async (request: APIRequestContext, base: string) => {
      const answer = await request.fetch(`${base}${path}`, {
        ...{ method, maxRedirects: 0 },
        headers: {
          origin: pages.url,
          "x-tab-id": "00000000-0000-4000-8000-000000000001",
          ...(isWire(path) ? { authorization: `Bearer ${token}` } : {}),
        },
        ...(method === "GET" || method === "HEAD"
          ? {}
          : { data: BODIES[pattern] ?? {} }),
      });
      expect(answer.status(), `${method} ${path}`).not.toBe(500);
      if (answer.ok()) answered.add(`${method} ${pattern}`);
    };
    await Promise.all(
      ROLES.map((role) => ask(contexts[role].request, pages.url)),
    );
    if (isWire(path)) await ask(contexts.viewer.request, ingest.url);
  }
  const missed = calls.filter(
    ({ method, pattern, path }) =>
      method === "GET" &&
      !isWire(path) &&
      !UNANSWERED.has(pattern) &&
      !answered.has(`${method} ${pattern}`),
  );
  expect(missed.map(({ path }) => path)).toEqual([]);
}

function readDump(lines: string): Place[] {
  return lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as DumpedValue)
    .map(({ table, column, value, isBinary }) => ({
      where: `database ${table}.${column}`,
      content: isBinary ? Buffer.from(value, "base64") : value,
    }));
}

/** Every file that the Studio keeps, also the database's own: what was deleted is still in its log. */
function filesBelow(dir: string): Place[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = realpathSync(join(dir, entry.name), "utf8");
    if (entry.name === "postgres-bin") return [];
    if (entry.isDirectory() || entry.isSymbolicLink()) return filesBelow(path);
    if (!entry.isFile()) return [];
    return [{ where: `file ${path}`, content: readFileSync(path) }];
  });
}
