import "server-only";

import { createHash } from "node:crypto";

import type { MediaState } from "@/lib/domain/media";
import type { BatchLink, LinkedFile } from "@/lib/domain/media-cells";
import type { RemoteAnswer } from "@/lib/domain/remote-answer";
import type { RemoteNote } from "@/lib/domain/remote-media";
import { requireRole, type Context } from "@/lib/server/context";
import { addToSubmission } from "@/lib/server/media/submission-store";
import { remoteNoteText } from "@/lib/wording/remote-media";

import { insertRemoteLinks, reviveRemoteLinks } from "./remote-store";
import {
  cancelRunLinks,
  releaseRemoteLinks,
  selectRunLinks,
  type RunLinkRow,
} from "./run-link-store";

/** Rows of one statement: some hundred bytes each. */
const LINKS_PER_STATEMENT = 2_000;

/** Identifiers of links that imports name. */
const IDENTIFIERS_BEGIN = "studio-link-";

type Place = { runId: string; endpointId: string };

/**
 * What an endpoint has made of a link that an import names. `held`: a person
 * has to do something first; see the answer, or the sentence.
 */
export type RunLink =
  | { is: "there"; file: LinkedFile }
  | { is: "waiting" }
  | { is: "held"; answer: RemoteAnswer | null }
  | { is: "failed"; reason: string };

/**
 * Has the links of a batch sent to the endpoint, as the submission of the run.
 * A link that was sent before, by whichever run, is only counted; one that
 * failed, was cancelled or is held is tried again. Call it in the transaction
 * that keeps the batch.
 *
 * @throws {AppError} `forbidden` below editor.
 */
export async function takeRemoteRunLinks(
  ctx: Context,
  place: Place,
  links: readonly BatchLink[],
): Promise<void> {
  requireRole(ctx, "editor");
  if (links.length === 0) return;
  let taken = 0;
  for (const some of inParts(ctx, place, links)) {
    const ids = some.map(({ id }) => id);
    const before = await selectRunLinks(ctx, ids);
    await storeLinks(ctx, place, some);
    const revived = await reviveRemoteLinks(ctx, ids, place.runId);
    taken += some.length - before.length + revived;
  }
  const known = links.length - taken;
  const { runId, endpointId } = place;
  await addToSubmission(ctx, runId, { taken, known, endpointId });
}

/**
 * What is known of the links of a batch, by link. Links that nobody remembers
 * any more are taken again. Role: editor.
 */
export async function findRunLinks(
  ctx: Context,
  place: Place,
  links: readonly BatchLink[],
): Promise<Map<string, RunLink>> {
  requireRole(ctx, "editor");
  const found = new Map<string, RunLink>();
  for (const some of inParts(ctx, place, links)) {
    const rows = new Map(
      (
        await selectRunLinks(
          ctx,
          some.map(({ id }) => id),
        )
      ).map((row) => [row.id, row]),
    );
    const gone = some.filter(({ id }) => !rows.has(id));
    if (gone.length > 0) await storeLinks(ctx, place, gone);
    for (const { id, link } of some) {
      const row = rows.get(id);
      found.set(link, row ? toRunLink(row) : { is: "waiting" });
    }
  }
  return found;
}

/**
 * Files that links to the endpoint are already, without asking or sending: for
 * forecasts. Role: viewer.
 */
export async function findKnownLinks(
  ctx: Context,
  endpointId: string,
  links: readonly BatchLink[],
): Promise<Map<string, LinkedFile>> {
  requireRole(ctx, "viewer");
  const found = new Map<string, LinkedFile>();
  for (const some of inParts(ctx, { endpointId }, links)) {
    const rows = await selectRunLinks(
      ctx,
      some.map(({ id }) => id),
    );
    for (const row of rows) {
      const one = toRunLink(row);
      if (one.is === "there") found.set(row.link, one.file);
    }
  }
  return found;
}

/** Lets held links that a run waits for be sent or looked for again; the hosts that they go to. Role: editor. */
export async function releaseRunLinks(
  ctx: Context,
  runId: string,
): Promise<string[]> {
  requireRole(ctx, "editor");
  return releaseRemoteLinks(ctx, runId, IDENTIFIERS_BEGIN);
}

/** Sends no more links of a run that is cancelled. Role: editor. */
export async function dropRunLinks(ctx: Context, runId: string): Promise<void> {
  requireRole(ctx, "editor");
  await cancelRunLinks(ctx, runId);
}

async function storeLinks(
  ctx: Context,
  { runId, endpointId }: Place,
  links: readonly (BatchLink & { id: string })[],
): Promise<void> {
  await insertRemoteLinks(
    ctx,
    { endpointId, submissionId: runId },
    links.map(({ id, link, filename }) => ({
      ...{ id, link, filename, replaces: null },
      uniqueIdentifier: `${IDENTIFIERS_BEGIN}${hashOf(link).toString("hex", 0, 16)}`,
      isIdentifierMade: true,
    })),
  );
}

function toRunLink(row: RunLinkRow): RunLink {
  const { fileId, publicUrl, state } = row;
  if (isThere(state) && fileId !== null && publicUrl !== null) {
    return { is: "there", file: { id: fileId, url: publicUrl } };
  }
  if (row.isHeld) return { is: "held", answer: answerOf(row.note) };
  if (state === "created" || state === "progress") return { is: "waiting" };
  if (state === "completed") {
    const reason = `${row.endpointName} told no public URL of the file.`;
    return { is: "failed", reason };
  }
  const reason = row.note
    ? remoteNoteText(row.note, row)
    : "The link was cancelled, on the media page or with its import. Import the row again.";
  return { is: "failed", reason };
}

function isThere(state: MediaState): boolean {
  return state === "progress" || state === "completed";
}

function answerOf(note: RemoteNote | null): RemoteAnswer | null {
  return note?.is === "answer" ? note.answer : null;
}

/** The links in parts of one statement, with the ids of their rows; in one order, so that two runs that meet never wait in a ring. */
function* inParts(
  { tenantId }: Context,
  { endpointId }: Pick<Place, "endpointId">,
  links: readonly BatchLink[],
): Generator<(BatchLink & { id: string })[]> {
  const wanted = links
    .map((link) => ({
      ...link,
      id: idOf(`${tenantId} ${endpointId} ${link.link}`),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  for (let at = 0; at < wanted.length; at += LINKS_PER_STATEMENT) {
    yield wanted.slice(at, at + LINKS_PER_STATEMENT);
  }
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** A UUID made of a text. */
function idOf(text: string): string {
  const hash = hashOf(text);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash
    .toString("hex", 0, 16)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
