import { proveDelivery } from "@/lib/testing/delivery-proof";

import { openBenchTenant } from "./bench-tenant";
import { printFigure } from "./figures";

/**
 * 100,000 entities (BENCH_ENTITIES) to a remote that fails one request in five
 * and is restarted twice, by a process that is killed twice. Fails when one
 * entry there, one here, or the ledger is not as a serial run would leave it.
 */
export async function benchDeliveryProof(): Promise<void> {
  const entities = Number(process.env.BENCH_ENTITIES ?? 100_000);
  const { ctx, databaseUrl, close } = await openBenchTenant();
  try {
    const proof = await proveDelivery(ctx.db, databaseUrl, {
      ...{ entities, restarts: [0.35, 0.7], kills: [0.2, 0.55] },
    });
    const { wrongThere, wrongHere, ledger, counts, countsWanted } = proof;
    const { seconds, requests, failed, tokens, peakMb, mostUnderWay } = proof;
    printFigure("delivery to a remote that fails, killed and restarted", {
      ...{ entities, seconds, requests, failed, tokens, peakMb, mostUnderWay },
      entitiesPerSecond: Math.round(entities / seconds),
      wrong: wrongThere.length + wrongHere.length,
      ledgerLines: ledger.sequences.length,
      ledgerEntities: ledger.entities,
    });
    const isExact =
      wrongThere.length + wrongHere.length === 0 &&
      ledger.entities === entities &&
      ledger.waiting === 0 &&
      new Set(ledger.sequences).size === ledger.sequences.length &&
      JSON.stringify(counts) === JSON.stringify(countsWanted);
    if (!isExact) {
      throw new Error(
        `It does not end as a serial run: ${JSON.stringify({ ...proof, wrongThere: wrongThere.slice(0, 5), wrongHere: wrongHere.slice(0, 5) })}`,
      );
    }
  } finally {
    await close();
  }
}
