import { createDb, createPool } from "@/lib/server/db/client";
import { deliverRemoteJob } from "@/lib/server/imports/delivery-job";

/**
 * The delivering part of a Studio, which a test may kill. Told to stop it says
 * how many kilobytes it had at most.
 */
const [url = ""] = process.argv.slice(2);
const stopping = new AbortController();
process.on("SIGTERM", () => stopping.abort());
// The job outlasts a database that is away; it must not outlast the test.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 1_000).unref();
const pool = createPool(url);
await deliverRemoteJob()(createDb(pool), stopping.signal);
await pool.end();
process.stdout.write(`${process.resourceUsage().maxRSS}\n`);

export {};
