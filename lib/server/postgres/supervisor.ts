import "server-only";

import { existsSync } from "node:fs";
import { realpath, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import pg from "pg";

import { AppError } from "@/lib/domain/errors";

import { installBinaries } from "./binaries";
import { prepareCluster, serverFailure } from "./cluster";
import {
  DATABASE,
  preparePlace,
  ROLE,
  SOCKET_PORT,
  socketDir,
  socketUrl,
  type Place,
} from "./place";
import { launchServer, removeStaleServerFile, stopServer } from "./server";

export type EmbeddedPostgres = {
  /** Address of the Studio's database for `pg`. */
  url: string;
  /** Address of another database of the same server. */
  urlOf(database: string): string;
  /** Resolves when the server went away though nobody called `stop`. */
  lost: Promise<void>;
  /** Stops the server (open transactions are rolled back), unless another process still uses it. */
  stop(): Promise<"stopped" | "in use">;
};

type Options = {
  dataDir: string;
  /** Told what a person should know, in sentences. */
  note?: (line: string) => void;
  /** More settings of the server, as in postgresql.conf. */
  settings?: Record<string, string>;
};

/** Users of the server hold this shared; who gets it alone may stop it. */
const USE_LOCK = 7_226_001;
const START_MS_MAX = 60_000;
/** A server that starts has its socket by then. */
const STARTING_MS_MAX = 3_000;
const RECOVERY_MS_MAX = 15 * 60_000;

/**
 * Starts the embedded PostgreSQL of `dataDir`, or joins the one that runs, also
 * one whose Studio was killed. Whether it runs is tested by connecting, not by
 * a pid. First start about 1.5 s, later starts 50 ms, joining 10 ms.
 *
 * @throws {AppError} `unavailable` with a sentence for the person who starts it.
 */
export async function startPostgres(
  options: Options,
): Promise<EmbeddedPostgres> {
  const note = options.note ?? (() => undefined);
  const place = await preparePlace(options.dataDir, note);

  const running = await connect(place);
  if (typeof running !== "string") return joined(place, running);
  try {
    const binaries = await installBinaries(place.binariesDir);
    await prepareCluster(place, binaries.binDir, binaries.majorVersion);
    return joined(
      place,
      await launchAndConnect(place, binaries.binDir, options),
    );
  } catch (error) {
    throw isDiskFull(error) ? serverFailure("ENOSPC", place.home) : error;
  }
}

/**
 * Stops the server of `dataDir` for good and removes its database, also where
 * it is kept outside. For throw-away folders of tests; does nothing when there
 * is none.
 */
export async function removePostgres(dataDir: string): Promise<void> {
  for (const name of ["postgres", "postgres-bin"]) {
    const home = await realpath(join(dataDir, name)).catch(() => undefined);
    if (home === undefined) continue;
    await stopServer({ home, clusterDir: join(home, "cluster") });
    const sockets = socketDir(home);
    await rm(home, { recursive: true, force: true });
    await rm(sockets, { recursive: true, force: true });
    await rm(join(dataDir, name), { recursive: true, force: true });
    // The folder that held both, when they were outside; else not empty, or not ours.
    if (dirname(home) !== dataDir)
      await rmdir(dirname(home)).catch(() => undefined);
  }
}

async function launchAndConnect(
  place: Place,
  binDir: string,
  options: Options,
): Promise<pg.Client> {
  const begun = performance.now();
  const elapsedMs = () => performance.now() - begun;
  let launched = await launchServer(place, binDir, options.settings ?? {});
  let isNoted = false;

  for (;;) {
    const client = await connect(place);
    if (typeof client !== "string") return client;

    if (client === "absent" && launched.hasExited()) {
      const output = await launched.output();
      if (
        !/already exists|still in use|could not bind|could not create lock file/.test(
          output,
        )
      )
        throw serverFailure(output, place.home);
      if (elapsedMs() > STARTING_MS_MAX && !hasSocket(place)) {
        // It runs, but the folder of its socket was removed: nobody can reach it any more.
        await stopServer(place);
      }
      // Another process starts it, or a killed server's children are still leaving.
      if (elapsedMs() > START_MS_MAX) throw serverFailure(output, place.home);
      await removeStaleServerFile(place);
      await delay(200);
      launched = await launchServer(place, binDir, options.settings ?? {});
      continue;
    }
    if (elapsedMs() > 5_000 && !isNoted) {
      isNoted = true;
      options.note?.(
        "PostgreSQL repeats what a crash interrupted. This can take minutes.",
      );
    }
    if (elapsedMs() > RECOVERY_MS_MAX)
      throw serverFailure(await launched.output(), place.home);
    await delay(20);
  }
}

function hasSocket({ home }: Place): boolean {
  return existsSync(join(socketDir(home), `.s.PGSQL.${SOCKET_PORT}`));
}

/** A connection that counts as a use of the server, or why there is none. */
async function connect(place: Place): Promise<pg.Client | "absent" | "busy"> {
  const client = new pg.Client({
    host: socketDir(place.home),
    port: SOCKET_PORT,
    user: ROLE,
    database: "postgres",
    application_name: "source-studio supervisor",
    connectionTimeoutMillis: 5_000,
  });
  // Without a listener a lost connection would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select pg_advisory_lock_shared($1)", [USE_LOCK]);
    const { rows } = await client.query<{ data_directory: string }>(
      "show data_directory",
    );
    if (rows[0]?.data_directory === place.clusterDir) return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    const { code } = error as { code?: string };
    if (code === "28000" || code === "EACCES") {
      throw new AppError(
        "unavailable",
        `The PostgreSQL of ${place.home} was started by another user and does not let you in. Start the Studio as that user.`,
        { cause: error },
      );
    }
    if (code === "ENOENT" || code === "ECONNREFUSED" || code === "ENOTDIR")
      return "absent";
    // Starting, stopping, or out of connections: worth another try.
    return "busy";
  }
  await client.end();
  throw new AppError(
    "unavailable",
    `Another PostgreSQL answers in ${socketDir(place.home)}. Stop it, or choose another DATA_DIR.`,
  );
}

async function joined(
  place: Place,
  holder: pg.Client,
): Promise<EmbeddedPostgres> {
  let isStopping = false;
  const lost = new Promise<void>((resolve) => {
    holder.on("end", () => {
      if (!isStopping) resolve();
    });
  });
  await createDatabase(holder);
  const dir = socketDir(place.home);

  return {
    url: socketUrl(dir, DATABASE),
    urlOf: (database) => socketUrl(dir, database),
    lost,
    async stop() {
      isStopping = true;
      const isAlone = await takeAlone(holder);
      if (isAlone) await stopServer(place);
      await holder.end().catch(() => undefined);
      return isAlone ? "stopped" : "in use";
    },
  };
}

async function takeAlone(holder: pg.Client): Promise<boolean> {
  try {
    await holder.query("select pg_advisory_unlock_shared($1)", [USE_LOCK]);
    const { rows } = await holder.query<{ alone: boolean }>(
      "select pg_try_advisory_lock($1) as alone",
      [USE_LOCK],
    );
    return rows[0]?.alone === true;
  } catch {
    // The server is gone already; `stopServer` finds nothing or a remainder.
    return true;
  }
}

async function createDatabase(holder: pg.Client): Promise<void> {
  const { rowCount } = await holder.query(
    "select from pg_database where datname = $1",
    [DATABASE],
  );
  if (rowCount) return;
  await holder
    .query(`create database ${DATABASE}`)
    .catch((error: { code?: string }) => {
      // Two first starts at once: the other made it.
      if (error.code !== "42P04" && error.code !== "23505") throw error;
    });
}

function isDiskFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOSPC";
}
