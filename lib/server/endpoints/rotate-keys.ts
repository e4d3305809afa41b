import "server-only";

import { endpointOrigin } from "@/lib/domain/endpoint";
import type { Db } from "@/lib/server/db/client";
import { appSealKeys, type SealKeys } from "@/lib/server/seal-keys";

import { openSecret, sealSecret } from "./seal";
import { lockEndpoints, lockSealedByOthers, writeSealed } from "./store";

const ROWS_PER_TURN = 100;

/**
 * Makes a new key, seals every secret of every tenant with it, and then removes
 * the older keys. Safe beside a running Studio, and begun again after a failure
 * it goes on: rows are sealed anew in small transactions, and an old key is
 * removed only when nothing needs it.
 *
 * @throws {AppError} `unavailable` when a secret cannot be opened; nothing is removed then.
 */
export async function rotateSealKeys(
  db: Db,
  keys: SealKeys = appSealKeys(),
): Promise<{ keyId: string; sealed: number; removedKeys: string[] }> {
  const { id: keyId } = keys.add();
  let sealed = 0;
  let done: number;
  do {
    done = await db.transaction((tx) => sealAnew(tx, keys, keyId));
    sealed += done;
  } while (done > 0);
  const removedKeys = await db.transaction(async (tx) => {
    await lockEndpoints(tx);
    // Of somebody who had sealed just before the new key was there.
    for (;;) {
      const late = await sealAnew(tx, keys, keyId);
      sealed += late;
      if (late === 0) break;
    }
    return keys.ids().filter((id) => id < keyId);
  });
  for (const id of removedKeys) keys.remove(id);
  return { keyId, sealed, removedKeys };
}

async function sealAnew(
  db: Db,
  keys: SealKeys,
  keyId: string,
): Promise<number> {
  const rows = await lockSealedByOthers(db, keyId, ROWS_PER_TURN);
  for (const row of rows) {
    const place = {
      ...{ tenantId: row.tenant_id, endpointId: row.id },
      origin: endpointOrigin(row.url),
    };
    const secret = openSecret(row.secret_sealed, place, keys);
    const secret_sealed = sealSecret(secret, place, keys);
    await writeSealed(db, { ...row, secret_sealed });
  }
  return rows.length;
}
