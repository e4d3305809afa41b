import "server-only";

import cluster from "node:cluster";

import { runProgram } from "@/lib/cli/run-program";
import { env } from "@/lib/server/env";
import { log } from "@/lib/server/log";

import { serveIngest } from "./serve";

// Reading and checking bodies takes a whole core before the database does.
await runProgram(() => {
  const processes = env().INGEST_PROCESSES;
  if (cluster.isPrimary && processes > 1) runWorkers(processes);
  else serveIngest();
  return Promise.resolve();
});

/**
 * Answers with several processes on one port. When one of them ends by itself
 * the others finish and all end: who started the listener starts it again. When
 * this one is killed they notice and end too.
 */
function runWorkers(count: number): void {
  let isStopping = false;
  let exitCode = 0;
  const stop = () => {
    isStopping = true;
    for (const worker of Object.values(cluster.workers ?? {}))
      worker?.process.kill("SIGTERM");
  };
  cluster.on("exit", (worker, code) => {
    if (!isStopping) {
      exitCode = code || 1;
      log.error({ pid: worker.process.pid, code }, "a listener process ended");
      stop();
    }
    if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(exitCode);
  });
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  for (let started = 0; started < count; started += 1) cluster.fork();
}
