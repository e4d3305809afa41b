import { startBackground } from "@/lib/server/background";
import { log } from "@/lib/server/log";

import { openDatabase } from "./open-database";
import { runProgram } from "./run-program";

// The background work in a process of its own, beside any number of Studios on
// the same database.
await runProgram(async () => {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => stopping.abort());

  const database = await openDatabase((line) => log.info(line));
  log.info("worker started");
  await startBackground({ db: database.db, signal: stopping.signal });
  await database.close();
});
