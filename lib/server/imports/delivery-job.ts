import "server-only";

import { endpointJob } from "@/lib/server/endpoints/service";

import { deliverBatch } from "./deliver-batch";
import { claimDue, giveBack, renewLeases } from "./delivery-store";

/** Batches that one process has under way: each holds its body, 20 MB at most, a few times. */
const UNDER_WAY_MAX = 6;

/** The job that sends handed over batches to their endpoints, side by side. */
export function deliverRemoteJob() {
  return endpointJob({
    ...{ job: "deliverRemote", piecesMax: UNDER_WAY_MAX },
    ...{ claim: claimDue, renew: renewLeases, giveBack },
    take: (db, batch, signal) => deliverBatch(db, batch, { signal }),
  });
}
