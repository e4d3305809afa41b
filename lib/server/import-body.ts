import "server-only";

import { isAscii } from "node:buffer";

import { readAlikeText } from "@/lib/domain/alike-text";
import type { Entity } from "@/lib/domain/entity";
import { readImportBody } from "@/lib/domain/wire";

import { parseJson } from "./json-body";

/** Below this, working out what entities have alike costs more than it saves. */
const ALIKE_BYTES_MIN = 8_192;

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/**
 * The entities of an import's body, every rule of the contract checked: what
 * `parseJson` and `readImportBody` give, sooner where entities are written alike.
 *
 * @throws {RefusedBodyError} when any rule is broken.
 */
export function readImportBytes(bytes: Uint8Array): Entity[] {
  const alike =
    bytes.length >= ALIKE_BYTES_MIN ? readAlikeBytes(bytes) : undefined;
  return alike ?? readFully(bytes);
}

function readAlikeBytes(bytes: Uint8Array): Entity[] | undefined {
  try {
    return readAlikeText(decode(bytes), (entityText) => {
      const [entity] = readFully(
        encoder.encode(`{"entities":[${entityText}]}`),
      );
      return entity;
    });
  } catch {
    // No UTF-8, or an entity that breaks a rule: reading in full says which.
    return undefined;
  }
}

function readFully(bytes: Uint8Array): Entity[] {
  const { value, thirdLevelBytesLargest } = parseJson(bytes);
  return readImportBody(value, { entityBytesLargest: thirdLevelBytesLargest });
}

function decode(bytes: Uint8Array): string {
  if (!isAscii(bytes)) return decoder.decode(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
    "latin1",
  );
}
