import "server-only";

import { createHash, randomUUID } from "node:crypto";

import type { MediaFile } from "@/lib/domain/media";
import { quoted } from "@/lib/domain/wire-problems";
import { withDb, type Context } from "@/lib/server/context";
import { hostOf } from "@/lib/server/outbound/fetch-link";

import { requireMediaRole } from "./media-access";
import { toMediaFile, type MediaRow } from "./media-row";
import {
  insertLinks,
  replaceUnfinishedUploads,
  selectByIdentifiers,
  selectRepeats,
  type NewLink,
} from "./store";

export type SubmittedLink = {
  /** The id that its file gets, where the caller makes it; a file that has it already refuses the link. */
  id?: string | undefined;
  link: string;
  filename: string;
  uniqueIdentifier?: string | null | undefined;
};

export type RefusedLink = {
  /** Its place in the request, from 0; the accepted ones are at the other places. */
  index: number;
  link: string;
  filename: string;
  uniqueIdentifier: string | null;
  message: string;
};

/**
 * Takes links that keep the rules of `linkItemSchema`, at most 50. Their files
 * have their final id and address when this resolves; the worker fetches them.
 * A link whose identifier is taken, by a file or earlier in the list, is
 * refused and the others are not. Both lists keep the order.
 *
 * With `bodyHash`, links without identifier that the same provider sent in the
 * same request body within the last 3 minutes give the files of then: old
 * clients send a request up to 7 times (contract 3.4).
 *
 * @throws {AppError} `forbidden` below editor.
 */
export async function submitLinks(
  ctx: Context,
  links: SubmittedLink[],
  from: { submissionId?: string; bodyHash?: string } = {},
): Promise<{ accepted: MediaFile[]; refused: RefusedLink[] }> {
  requireMediaRole(ctx, "editor");
  const { bodyHash } = from;
  const submissionId =
    bodyHash === undefined
      ? from.submissionId
      : submissionOf(ctx.actor.id, bodyHash);
  // In order, so that files of one moment are listed as they were sent.
  const ids = links.map(() => randomUUID()).sort();
  const sent = links.map(({ id, link, filename, uniqueIdentifier }, index) => ({
    id: id ?? ids[index] ?? randomUUID(),
    link,
    filename,
    uniqueIdentifier: uniqueIdentifier ?? null,
    host: hostOf(link),
  }));

  const rows =
    bodyHash === undefined || submissionId === undefined
      ? await storeLinks(ctx, sent, submissionId ?? null)
      : await storeOnce(ctx, sent, submissionId);
  const accepted = rows.flatMap((row) => (row ? [toMediaFile(row)] : []));
  const left = sent.flatMap((link, index) =>
    rows[index] ? [] : [{ ...link, index }],
  );
  return { accepted, refused: await explainTaken(ctx, left) };
}

/** The row of each link; undefined where its identifier is taken. */
async function storeLinks(
  ctx: Context,
  links: NewLink[],
  submissionId: string | null,
): Promise<(MediaRow | undefined)[]> {
  const stored = await insertLinks(ctx, links, submissionId);
  const byId = new Map(stored.map((row) => [row.id, row]));
  const refused = links.filter(({ id }) => !byId.has(id));
  if (refused.length > 0) {
    // Unfinished direct uploads do not hold their identifiers (contract 6).
    const replaced = await ctx.db.transaction((tx) =>
      replaceUnfinishedUploads(withDb(ctx, tx), refused, submissionId),
    );
    for (const row of replaced) byId.set(row.id, row);
  }
  return links.map(({ id }) => byId.get(id));
}

/** The same, but what an equal request stored stands in for links without identifier. */
async function storeOnce(
  ctx: Context,
  links: NewLink[],
  submissionId: string,
): Promise<(MediaRow | undefined)[]> {
  if (links.every(({ uniqueIdentifier }) => uniqueIdentifier !== null))
    return storeLinks(ctx, links, submissionId);
  return ctx.db.transaction(async (tx) => {
    const inside = withDb(ctx, tx);
    const repeated = await findRepeats(inside, links, submissionId);
    const fresh = links.filter((_, index) => !repeated[index]);
    const rows = await storeLinks(inside, fresh, submissionId);
    return repeated.map((row) => row ?? rows.shift());
  });
}

/** Where in the list a file of an earlier, equal request stands in for a new one. */
async function findRepeats(
  ctx: Context,
  links: { link: string; filename: string; uniqueIdentifier: string | null }[],
  submissionId: string,
): Promise<(MediaRow | undefined)[]> {
  // Repeats that arrive together: the second one waits here and sees the first one's rows.
  await ctx.db.rows(
    `select 1 from providers where tenant_id = $1::uuid and id = $2::uuid for no key update`,
    [ctx.tenantId, ctx.actor.id],
  );
  const earlier = await selectRepeats(ctx, submissionId);
  return links.map(({ link, filename, uniqueIdentifier }) => {
    if (uniqueIdentifier !== null) return undefined;
    const at = earlier.findIndex(
      (row) => row.source_url === link && row.filename === filename,
    );
    return at < 0 ? undefined : earlier.splice(at, 1)[0];
  });
}

async function explainTaken(
  ctx: Context,
  links: (Omit<RefusedLink, "message"> & { host: string; id: string })[],
): Promise<RefusedLink[]> {
  const identifiers = links.flatMap(
    ({ uniqueIdentifier }) => uniqueIdentifier ?? [],
  );
  if (identifiers.length === 0) return [];
  const holders = new Map(
    (await selectByIdentifiers(ctx, identifiers)).map((row) => [
      row.unique_identifier,
      row.id,
    ]),
  );
  return links.map(({ index, link, filename, uniqueIdentifier }) => {
    const holder = holders.get(uniqueIdentifier);
    const message = `A media file with the unique identifier ${quoted(uniqueIdentifier ?? "")} already exists${holder ? `: ${holder}` : ""}. Delete it first to replace it.`;
    return { index, link, filename, uniqueIdentifier, message };
  });
}

/** One id for equal bodies of one provider: a UUID made of their hash. */
function submissionOf(actorId: string, bodyHash: string): string {
  const hex = createHash("sha256").update(`${actorId} ${bodyHash}`).digest();
  hex.writeUInt8((hex.readUInt8(6) & 0x0f) | 0x80, 6);
  hex.writeUInt8((hex.readUInt8(8) & 0x3f) | 0x80, 8);
  return hex
    .toString("hex", 0, 16)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
