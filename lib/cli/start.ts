import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

import { AppError } from "@/lib/domain/errors";
import { startBackground } from "@/lib/server/background";
import { env, type Env } from "@/lib/server/env";
import { prepareKeys, serverKey } from "@/lib/server/keys";
import { log, logFailure } from "@/lib/server/log";
import { makeSetupCode } from "@/lib/server/setup-code";
import { anyUserExists } from "@/lib/server/users/service";

import { lockDataDir } from "./data-dir-lock";
import { keepRunning, type KeptChild } from "./keep-running";
import { openDatabase, type OpenDatabase } from "./open-database";
import { runProgram } from "./run-program";

const READY_MS_MAX = 120_000;
// Stopping must be over within 25 s (security.md R12): children, then PostgreSQL.
const CHILD_STOP_MS_MAX = 15_000;
/** From `/ready` saying no to the end of accepting. */
const LEAVING_MS = 500;
// A terminal's Ctrl-C arrives once from the terminal and once more through npm.
const SAME_SIGNAL_MS = 1_000;

const MARK_LOCAL = new URL("./mark-local-requests.mjs", import.meta.url).href;

const isDev = process.argv.includes("--dev");
const say = (line: string) => process.stdout.write(`${line}\n`);

await runProgram(async () => {
  const stopping = listenForSignals();
  const settings = env();
  await requireFreePorts(settings);
  const unlock = await lockDataDir(settings.DATA_DIR);
  try {
    say(
      settings.DATABASE_URL
        ? "Opening the database …"
        : "Starting PostgreSQL …",
    );
    const database = await openDatabase(say);
    try {
      await prepareKeys(database.db);
      await serve(settings, database, stopping);
    } finally {
      await database.close();
    }
  } finally {
    unlock();
  }
});
// Next's and pino's handles must not keep a stopped Studio alive, or a failed one.
setImmediate(() => process.exit());

/** Runs everything until somebody asks to stop, then stops it in order. */
async function serve(
  settings: Env,
  database: OpenDatabase,
  stopping: AbortSignal,
): Promise<void> {
  // Ends also when the start fails: nothing may go on with a closed database.
  const ending = new AbortController();
  const signal = AbortSignal.any([stopping, ending.signal]);
  const background = startBackground({ db: database.db, signal });
  void keepDatabase(database, signal);
  say(
    isDev ? "Starting the Studio for development …" : "Starting the Studio …",
  );
  const setupCode = makeSetupCode();
  const children = startChildren(settings, database.url, setupCode);
  try {
    await waitUntilReady(settings, children, stopping);
    const isNew = !(await anyUserExists(database.db));
    if (!stopping.aborted) announce(settings, isNew ? setupCode : undefined);
    await aborted(stopping);
    say("Stopping …");
  } finally {
    ending.abort();
    await Promise.all(children.map((child) => child.stop(CHILD_STOP_MS_MAX)));
    await Promise.race([
      background,
      delay(CHILD_STOP_MS_MAX / 5, undefined, { ref: false }),
    ]);
  }
  say("Stopped.");
}

function startChildren(
  settings: Env,
  databaseUrl: string,
  setupCode: string,
): KeptChild[] {
  const { PORT, INGEST_PORT, LISTEN_ADDRESS, DATA_DIR, PUBLIC_URL } = settings;
  const childEnv: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: isDev ? "development" : "production",
    DATABASE_URL: databaseUrl,
    DATA_DIR,
    PORT: String(PORT),
    INGEST_PORT: String(INGEST_PORT),
    NEXTAUTH_URL: PUBLIC_URL ?? `http://localhost:${PORT}`,
    NEXTAUTH_SECRET: serverKey("session").toString("base64"),
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const next = "node_modules/next/dist/bin/next";
  return [
    keepRunning({
      name: "studio",
      args: [
        "--import",
        MARK_LOCAL,
        next,
        isDev ? "dev" : "start",
        "-p",
        String(PORT),
        ...(LISTEN_ADDRESS ? ["-H", LISTEN_ADDRESS] : []),
      ],
      env: { ...childEnv, SETUP_CODE: setupCode },
      isTalkative: isDev,
      // The listener takes such a while by itself.
      leavingMs: isDev ? 0 : LEAVING_MS,
    }),
    keepRunning({
      name: "ingest",
      args: [
        ...["--conditions=react-server", "--import", "tsx"],
        "lib/server/ingest-listener/main.ts",
      ],
      env: childEnv,
      isTalkative: true,
    }),
  ];
}

async function waitUntilReady(
  { PORT, INGEST_PORT, LISTEN_ADDRESS }: Env,
  children: KeptChild[],
  stopping: AbortSignal,
): Promise<void> {
  const names = ["The Studio", "The ingest listener"];
  const failed = children.map((child, index) =>
    child.firstExit.then((code) => {
      if (stopping.aborted) return;
      throw new AppError(
        "unavailable",
        `${names[index]} ended with code ${code} before it was ready. The lines above say why.`,
      );
    }),
  );
  for (const failure of failed) failure.catch(() => undefined);
  const ready = Promise.all(
    [PORT, INGEST_PORT].map((port) =>
      untilReady(ownUrl(port, LISTEN_ADDRESS), stopping),
    ),
  );
  await Promise.race([ready, ...failed, aborted(stopping)]);
}

/** Where this process itself reaches a port. */
function ownUrl(port: number, address = "localhost"): string {
  const isAny = address === "0.0.0.0" || address === "::";
  const host = isAny ? "localhost" : address;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function untilReady(url: string, stopping: AbortSignal): Promise<void> {
  const begun = performance.now();
  while (!stopping.aborted) {
    const isUp = await fetch(`${url}/ready`, {
      signal: AbortSignal.timeout(10_000),
    }).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    if (performance.now() - begun > READY_MS_MAX) {
      throw new AppError(
        "unavailable",
        `Nothing ready answers on ${url} after ${READY_MS_MAX / 1_000} seconds.`,
      );
    }
    await delay(100);
  }
}

/** The last lines: where to open it. With a setup code nobody has an account yet. */
function announce(settings: Env, setupCode: string | undefined): void {
  const { PORT, INGEST_PORT, DATA_DIR, PUBLIC_URL, PUBLIC_INGEST_URL } =
    settings;
  say("");
  say(`Everything is kept in ${DATA_DIR}. Stop with Ctrl-C.`);
  say(`Ingest API:  ${PUBLIC_INGEST_URL ?? `http://localhost:${INGEST_PORT}`}`);
  say(`Open the Studio:  ${PUBLIC_URL ?? `http://localhost:${PORT}`}`);
  if (!setupCode) return;
  say("On the first visit you create the administrator's account.");
  say(`From another machine that takes this setup code:  ${setupCode}`);
}

/** Starts the embedded server again when it was killed; everybody's pools reconnect by themselves. */
async function keepDatabase(
  database: OpenDatabase,
  stopping: AbortSignal,
): Promise<void> {
  for (;;) {
    await database.lost;
    if (stopping.aborted) return;
    log.error("PostgreSQL went away, starts again");
    for (
      let waitMs = 500;
      !stopping.aborted;
      waitMs = Math.min(waitMs * 2, 30_000)
    ) {
      try {
        await database.reopen();
        break;
      } catch (error) {
        logFailure(error);
        await delay(waitMs);
      }
    }
  }
}

/** Port taken is the commonest reason not to start: said before anything is done. */
async function requireFreePorts({
  PORT,
  INGEST_PORT,
  LISTEN_ADDRESS,
}: Env): Promise<void> {
  for (const [name, port] of [
    ["PORT", PORT],
    ["INGEST_PORT", INGEST_PORT],
  ] as const) {
    const code = await listenOnce(port, LISTEN_ADDRESS);
    if (!code) continue;
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new AppError(
        "unavailable",
        `LISTEN_ADDRESS is ${LISTEN_ADDRESS ?? "not set"}, which is no address of this machine. Set it to one that is, or leave it out to listen on all of them.`,
      );
    }
    throw new AppError(
      "unavailable",
      code === "EADDRINUSE"
        ? `Port ${port} is taken by another program. Stop that program, or start with another port: ${name}=${port + 100} npm run up.`
        : `Port ${port} cannot be used (${code}). Start with another port: ${name}=${port + 10_000} npm run up.`,
    );
  }
}

function listenOnce(
  port: number,
  address: string | undefined,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code ?? "error"),
    );
    server.listen(port, address, () => server.close(() => resolve(undefined)));
  });
}

/** Aborts at the first signal, or when the parent is gone. A second signal ends at once. */
function listenForSignals(): AbortSignal {
  const stopping = new AbortController();
  let firstAt: number | undefined;
  const stop = () => {
    if (firstAt !== undefined && performance.now() - firstAt > SAME_SIGNAL_MS)
      process.exit(1);
    firstAt ??= performance.now();
    stopping.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, stop);
  process.once("disconnect", stop);
  process.channel?.unref();
  return stopping.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
