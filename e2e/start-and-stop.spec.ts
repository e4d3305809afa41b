import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect, test as base } from "@playwright/test";

import { freePorts } from "@/lib/testing/free-port.mjs";

type Studio = {
  child: ChildProcess;
  /** Standard output and standard error so far. */
  said(): string;
  exit: Promise<number | null>;
};

type Ports = { PORT: string; INGEST_PORT: string };

type Fixtures = {
  dir: string;
  ports: Ports;
  /** Starts what `npm run up` starts after it has installed and built; with `--dev` what `npm run dev` does. */
  start: (env?: Record<string, string>, ...args: string[]) => Studio;
};

const test = base.extend<Fixtures>({
  dir: async ({}, give) => {
    const dir = mkdtempSync(join(tmpdir(), "source-studio-start-"));
    // PostgreSQL's account has to walk through when this is root.
    chmodSync(dir, 0o711);
    await give(dir);
    rmSync(dir, { recursive: true, force: true });
  },
  ports: async ({}, give) => {
    await give(await newPorts());
  },
  start: async ({ dir, ports }, give) => {
    const studios: Studio[] = [];
    await give((env = {}, ...args) => {
      const place = { ...ports, DATA_DIR: join(dir, "data"), DATABASE_URL: "" };
      const studio = launch({ ...place, ...env }, args);
      studios.push(studio);
      return studio;
    });
    for (const studio of studios) {
      studio.child.kill("SIGTERM");
      await studio.exit;
    }
  },
});

test.describe.configure({ timeout: 180_000 });

test("starts, answers on both ports, and stops without a trace", async ({
  dir,
  ports,
  start,
}) => {
  const studio = start();
  await untilReady(studio);
  for (const port of Object.values(ports))
    expect(await readinessOf(port)).toBe(200);
  expect(studio.said()).toContain(
    `Open the Studio:  http://localhost:${ports.PORT}`,
  );

  const last = Object.values(ports).map((port) => readinessUntilGone(port));
  studio.child.kill("SIGINT");
  expect(await studio.exit).toBe(0);
  // Load balancers learn it while the ports still accept.
  for (const statuses of await Promise.all(last))
    expect(statuses).toContain(503);
  for (const port of Object.values(ports))
    expect(await readinessOf(port)).toBe(0);
  expect(existsSync(join(dir, "data/studio.lock"))).toBe(false);
  expect(existsSync(join(dir, "data/postgres/cluster/postmaster.pid"))).toBe(
    false,
  );
});

test("listens on one address alone when it is told which", async ({
  ports,
  start,
}) => {
  const studio = start({ LISTEN_ADDRESS: "127.0.0.1" });
  await untilReady(studio);
  for (const port of Object.values(ports)) {
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    await expect(fetch(`http://[::1]:${port}/health`)).rejects.toThrow();
  }
});

test("starts for development, compiles a page, and stops", async ({
  ports,
  start,
}) => {
  const studio = start({}, "--dev");
  await untilReady(studio);
  const setup = await fetch(`http://localhost:${ports.PORT}/setup`);
  expect(setup.status).toBe(200);
  studio.child.kill("SIGINT");
  expect(await studio.exit).toBe(0);
});

test("after a kill the next start takes everything over", async ({
  ports,
  start,
}) => {
  const killed = start();
  await untilReady(killed);
  killed.child.kill("SIGKILL");
  await killed.exit;

  const next = start();
  await untilReady(next);
  expect(await readinessOf(ports.PORT)).toBe(200);
});

test("the first account takes the printed code from another machine, none from this one", async ({
  launchOptions,
  playwright,
  ports,
  start,
}) => {
  const studio = start();
  await untilReady(studio);
  const [, code = ""] = /setup code: +(\S+)/.exec(studio.said()) ?? [];
  // Not the name of this machine, as through a proxy or from the network.
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    args: [
      ...(launchOptions.args ?? []),
      "--host-resolver-rules=MAP studio.test 127.0.0.1",
    ],
  });
  const page = await browser.newPage();
  await page.goto(`http://localhost:${ports.PORT}/setup`);
  await expect(page.getByLabel("E-mail address")).toBeVisible();
  await expect(page.getByLabel("Setup code")).toHaveCount(0);

  await page.goto(`http://studio.test:${ports.PORT}/`);
  await page.getByLabel("E-mail address").fill("anna@example.com");
  await page.getByLabel(/^Password/).fill("password1234");
  await page.getByLabel("Setup code").fill("WRONG");
  const create = page.getByRole("button", { name: "Create the account" });
  await create.click();
  await expect(page.getByText(/passwords that others try first/)).toBeVisible();
  await page.getByLabel(/^Password/).fill("seven calm yellow boats");
  await create.click();
  await expect(page.getByText(/This is not the setup code/)).toBeVisible();
  await page.getByLabel("Setup code").fill(code.toLowerCase());
  await create.click();
  await expect(page).toHaveURL(/\/sources$/);
  await browser.close();
});

test("starts a killed database and a killed listener again", async ({
  dir,
  ports,
  start,
}) => {
  const studio = start();
  await untilReady(studio);
  const pidFile = join(dir, "data/postgres/cluster/postmaster.pid");
  const postgres = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  process.kill(postgres, "SIGKILL");
  await expect
    .poll(() => readIfThere(pidFile).split("\n")[0], { timeout: 60_000 })
    .not.toBe(String(postgres));
  const listener = listenerOf(studio);
  process.kill(listener, "SIGKILL");
  await expect
    .poll(() => listenerOf(studio), { timeout: 60_000 })
    .not.toBe(listener);
  await expect
    .poll(() => readinessOf(ports.INGEST_PORT), { timeout: 60_000 })
    .toBe(200);
  await expect
    .poll(() => readinessOf(ports.PORT), { timeout: 60_000 })
    .toBe(200);
});

test("refuses a second Studio on the same folder, naming the first", async ({
  dir,
  start,
}) => {
  const first = start();
  await untilReady(first);
  const second = start(await newPorts());
  expect(await second.exit).toBe(1);
  expect(second.said()).toBe(
    `A Studio already runs on ${join(dir, "data")} (process ${first.child.pid}). Stop it first, or set DATA_DIR to another folder for a second Studio.\n`,
  );
});

test("says in one sentence why it cannot start", async ({ ports, start }) => {
  const taken = createServer().listen(Number(ports.PORT));
  await once(taken, "listening");
  const crowded = start();
  expect(await crowded.exit).toBe(1);
  expect(crowded.said()).toMatch(
    /^Port \d+ is taken by another program\..*\n$/,
  );
  taken.close();
  await once(taken, "close");

  const away = start({ DATABASE_URL: "postgres://u:hunter2@127.0.0.1:9/db" });
  expect(await away.exit).toBe(1);
  expect(away.said()).toContain(
    "The database 127.0.0.1:9/db does not answer (ECONNREFUSED).",
  );
  expect(away.said()).not.toContain("hunter2");

  const elsewhere = start({ LISTEN_ADDRESS: "192.0.2.1" });
  expect(await elsewhere.exit).toBe(1);
  expect(elsewhere.said()).toContain("which is no address of this machine");

  const wrong = start({ PORT: "ninety" });
  expect(await wrong.exit).toBe(1);
  expect(wrong.said()).toMatch(/^The setting PORT is wrong: .*\n$/);
});

async function newPorts(): Promise<Ports> {
  const [studio, ingest] = await freePorts(2);
  return { PORT: String(studio), INGEST_PORT: String(ingest) };
}

function launch(env: Record<string, string>, args: string[]): Studio {
  const child = spawn(
    process.execPath,
    [
      ...["--conditions=react-server", "--import", "tsx"],
      ...["lib/cli/start.ts", ...args],
    ],
    {
      env: { ...process.env, ...env, NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
  });
  return { child, said: () => said, exit };
}

async function untilReady(studio: Studio): Promise<void> {
  await expect
    .poll(() => studio.said(), { timeout: 120_000 })
    .toContain("On the first visit you create the administrator's account.");
}

/** Process of the ingest listener that started last, from its log line. */
function listenerOf(studio: Studio): number {
  const pids = studio
    .said()
    .matchAll(/"pid":(\d+),"port":\d+,"msg":"The ingest API is listening/g);
  return Number([...pids].at(-1)?.[1]);
}

/** Status of `/ready`; 0 when nothing answers. */
function readinessOf(port: string): Promise<number> {
  return fetch(`http://localhost:${port}/ready`).then(
    ({ status }) => status,
    () => 0,
  );
}

/** Every status of `/ready` from now until nothing answers. */
async function readinessUntilGone(port: string): Promise<number[]> {
  const statuses: number[] = [];
  for (;;) {
    const status = await readinessOf(port);
    if (status === 0) return statuses;
    statuses.push(status);
    await delay(20);
  }
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
