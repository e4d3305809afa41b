import "server-only";

import { appDb } from "@/lib/server/db/app-db";
import { env } from "@/lib/server/env";
import { prepareKeys } from "@/lib/server/keys";
import { log, logFailure } from "@/lib/server/log";
import { appWireApi } from "@/lib/server/wire/app-wire-api";

import { createIngestListener } from "./app";

// The supervisor kills after 15 s; together with the database all is over in 25 s (security.md R12).
const STOP_MS_MAX = 14_000;
// A terminal's Ctrl-C may arrive several times at once.
const SAME_SIGNAL_MS = 1_000;

/** Answers the ingest API on `INGEST_PORT` until a signal, finishes what was begun, and ends the process. */
export function serveIngest(): void {
  const listener = createIngestListener(appWireApi());
  const { server } = listener;
  const stop = createStop(() => listener.stop());

  server.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") {
      log.error(
        `Port ${env().INGEST_PORT} is in use. Stop what uses it, or set INGEST_PORT to a free one.`,
      );
    } else {
      logFailure(error);
    }
    process.exit(1);
  });

  // With a new key in an old database no provider could sign in any more.
  prepareKeys(appDb()).then(
    () =>
      server.listen(env().INGEST_PORT, env().LISTEN_ADDRESS, () => {
        log.info({ port: env().INGEST_PORT }, "The ingest API is listening.");
      }),
    (error: unknown) => {
      logFailure(error);
      process.exit(1);
    },
  );

  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("uncaughtException", (error) => {
    // The state of the process is unknown now: finish what is safe and restart (security.md R24).
    logFailure(error, { place: "uncaught" });
    process.exitCode = 1;
    stop();
  });
}

function createStop(finish: () => Promise<void>): () => void {
  let stoppingSince: number | undefined;
  return () => {
    if (stoppingSince !== undefined) {
      // The second signal means now.
      const isSecond = performance.now() - stoppingSince > SAME_SIGNAL_MS;
      if (isSecond) process.exit(process.exitCode ?? 1);
      return;
    }
    stoppingSince = performance.now();
    setTimeout(() => {
      log.error("Some requests did not finish in time; they are cut off.");
      process.exit(1);
    }, STOP_MS_MAX).unref();
    finish().then(
      () => process.exit(process.exitCode ?? 0),
      (error: unknown) => {
        logFailure(error);
        process.exit(1);
      },
    );
  };
}
