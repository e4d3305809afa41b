import "server-only";

import { setImmediate as nextTurn } from "node:timers/promises";

import { entrySearchWords } from "@/lib/domain/search-words";
import type { Db } from "@/lib/server/db/client";

import { byteSlices } from "./byte-slices";
import {
  claimKeys,
  deleteWords,
  selectBacklog,
  upsertWords,
  WORD_SEPARATOR,
  type ClaimedKeys,
} from "./index-store";
import { selectProperties, selectSizes } from "./entry-store";
import { indexedPresence, indexedWord } from "./search-query";

/** Keys indexed in one transaction. */
const BATCH_KEYS_MAX = 500;
/** Making words does not hold up other requests for longer than that. */
const TURN_MS_MAX = 10;
/** While imports run, one batch in so many milliseconds: they need the processor more. */
const WAIT_WHILE_GROWING_MS = 2_000;

/**
 * Makes the background job that brings the word index after the imports. It
 * answers `busy` while there is more to do. Several processes may run it: they
 * share the sources.
 */
export function createWordIndexer(): (
  db: Db,
  signal: AbortSignal,
) => Promise<"idle" | "busy"> {
  let lastBatchAt = Number.NEGATIVE_INFINITY;
  return async (db, signal) => {
    const { isEmpty, isGrowing } = await selectBacklog(db);
    if (isEmpty || signal.aborted) return "idle";
    const waitedMs = performance.now() - lastBatchAt;
    if (isGrowing && waitedMs < WAIT_WHILE_GROWING_MS) return "idle";
    const indexed = await indexNextBatch(db);
    lastBatchAt = performance.now();
    return indexed > 0 ? "busy" : "idle";
  };
}

/** Indexes one batch of waiting keys, whatever else goes on. Answers how many; 0 when none wait or others work on them. */
export function indexNextBatch(db: Db): Promise<number> {
  return db.transaction(async (tx) => {
    const claimed = await claimKeys(tx, BATCH_KEYS_MAX);
    if (!claimed) return 0;

    const sizes = await selectSizes(
      tx,
      claimed.tenantId,
      claimed.sourceId,
      claimed.keys,
    );
    for (const keys of byteSlices(sizes)) {
      await indexSlice(tx, { ...claimed, keys });
    }
    const found = new Set(sizes.map(({ key }) => key));
    const gone = claimed.keys.filter((key) => !found.has(key));
    await deleteWords(tx, { ...claimed, keys: gone });
    return claimed.keys.length;
  });
}

async function indexSlice(tx: Db, claimed: ClaimedKeys): Promise<void> {
  const entries = await selectProperties(
    tx,
    claimed.tenantId,
    claimed.sourceId,
    claimed.keys,
  );
  const keys: string[] = [];
  const words: string[] = [];
  let turnEndsAt = performance.now() + TURN_MS_MAX;
  for (const { key, properties } of entries) {
    keys.push(key);
    words.push(lexemes(claimed.sourceId, key, properties));
    if (performance.now() > turnEndsAt) {
      await nextTurn();
      turnEndsAt = performance.now() + TURN_MS_MAX;
    }
  }
  await upsertWords(tx, { ...claimed, keys }, words);
}

function lexemes(
  sourceId: string,
  key: string,
  properties: Record<string, string>,
): string {
  const list: string[] = [];
  for (const word of entrySearchWords(key, Object.values(properties))) {
    list.push(indexedWord(sourceId, word));
  }
  for (const name of Object.keys(properties)) {
    list.push(indexedPresence(sourceId, name));
  }
  return list.join(WORD_SEPARATOR);
}
