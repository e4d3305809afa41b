import { createDb, createPool } from "@/lib/server/db/client";
import { finishUndo } from "@/lib/testing/studio-run";

import { userContext } from "./factories";

/** Goes on with an undo until it is finished: a server that a test may kill. */
const [url = "", tenantId = "", runId = ""] = process.argv.slice(2);
const pool = createPool(url);
await finishUndo(userContext(createDb(pool), tenantId, "editor"), runId);
await pool.end();

export {};
