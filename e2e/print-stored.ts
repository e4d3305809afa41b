// A process of its own: prints what lies in the database of DATA_DIR, past the
// product. `entries`: key and values of all; `mapping`: of the latest run.
import { appDb } from "@/lib/server/db/app-db";

const QUERIES: Record<string, string> = {
  entries: `select key, properties from entries order by key collate "C"`,
  mapping: `select mapping from import_runs order by started_at desc limit 1`,
};

const rows = await appDb().rows(QUERIES[process.argv[2] ?? ""] ?? "");
process.stdout.end(JSON.stringify(rows), () => process.exit());
