import "server-only";

import { AppError } from "@/lib/domain/errors";
import { remoteSentence } from "@/lib/domain/remote-answer";
import type { RemoteNote } from "@/lib/domain/remote-media";
import { recordAudit } from "@/lib/server/db/audit";
import {
  deleteRemoteFile,
  findRemoteFiles,
  putLinks,
  type RemoteFileInfo,
  type RemoteUpload,
  type Told,
} from "@/lib/server/endpoints/service";
import { applyIsolating } from "@/lib/server/isolate-offenders";

import { matchLinks } from "./match-links";
import type { TurnWork } from "./take-turn";
import {
  writeOutcomes,
  writeReplaced,
  writeSent,
  type Outcome,
  type RemoteLink,
} from "./turn-store";

/** Until a file is looked for first: a random time between the two. */
const FIRST_LOOK_MS_MIN = 300;
const FIRST_LOOK_MS_MAX = 1_200;

/**
 * Sends the links of a turn in one request; a request that is refused for its
 * content is halved until the link is alone that causes it.
 *
 * @throws what `ask` throws; links that were answered before are noted.
 */
export async function sendLinks(work: TurnWork): Promise<void> {
  const { ctx, turn, ask } = work;
  const links = await deleteReplaced(work);
  await writeSent(ctx.db, turn, idsOf(links), true);
  const isolated = await applyIsolating(links, async (part) => {
    const told = await ask(
      (client, signal) => putLinks(client, part.map(toWire), signal),
      (answered) =>
        answered.answer.outcome === "accepted" || isOfContent(answered),
    );
    if (isOfContent(told)) {
      const message = remoteSentence(told.answer, work.host);
      throw new AppError("unprocessable", message);
    }
    await noteAnswer(work, part, told);
  });
  const refused = isolated.refused.flatMap(({ at, count, message }) =>
    links
      .slice(at, at + count)
      .map((link) => failed(link, refusedNote(message))),
  );
  await writeOutcomes(ctx.db, turn, refused);
}

async function noteAnswer(
  work: TurnWork,
  part: readonly RemoteLink[],
  { value }: Told<Parameters<typeof matchLinks>[1]>,
): Promise<void> {
  const { ctx, turn } = work;
  const empty = { succeeded: new Map(), failures: new Map() };
  const verdicts = matchLinks(part, value ?? empty);
  await writeOutcomes(
    ctx.db,
    turn,
    verdicts.flatMap(({ link, verdict }) =>
      verdict.is === "refused"
        ? []
        : [
            takenIn(
              work,
              link,
              verdict.is === "taken_in" ? verdict.upload : undefined,
            ),
          ],
    ),
  );
  const refused = verdicts.flatMap(({ link, verdict }) =>
    verdict.is === "refused" ? [{ link, text: verdict.text }] : [],
  );
  if (refused.length > 0) await explainRefused(work, refused);
}

/** Why links were not taken: a file there has the identifier, which may be the link's own of an answer that was lost, or what the endpoint says. */
async function explainRefused(
  { ctx, turn, ask }: TurnWork,
  refused: { link: RemoteLink; text: string }[],
): Promise<void> {
  const fresh = refused.flatMap(({ link }) => (link.wasSent ? [] : [link.id]));
  await writeSent(ctx.db, turn, fresh, false);
  const identifiers = refused.map(({ link }) => link.uniqueIdentifier);
  const { value } = await ask((client, signal) =>
    findRemoteFiles(client, identifiers, signal),
  );
  await writeOutcomes(
    ctx.db,
    turn,
    refused.map(({ link, text }): Outcome => {
      const file = value?.get(link.uniqueIdentifier);
      if (!file) return failed(link, refusedNote(text));
      if (isOwn(link, file)) {
        const { id, lookups } = link;
        return { ...{ id, lookups, state: "progress" }, fileId: file.id };
      }
      const { id: fileId, publicUrl } = file;
      return failed(link, { is: "taken", fileId, publicUrl });
    }),
  );
}

/** Whether the file that has the identifier is what this link was made into by an earlier request. */
function isOwn(link: RemoteLink, file: RemoteFileInfo): boolean {
  if (link.isIdentifierMade) return true;
  return link.wasSent && (file.link === null || file.link === link.link);
}

/** Deletes what the links replace; gives the links that may be sent. */
async function deleteReplaced({
  ctx,
  turn,
  ask,
  host,
}: TurnWork): Promise<RemoteLink[]> {
  const left: RemoteLink[] = [];
  for (const link of turn.links) {
    const fileId = link.replaces;
    if (fileId !== null) {
      const { answer } = await ask(
        (client, signal) => deleteRemoteFile(client, fileId, signal),
        (told) => told.answer.outcome === "accepted" || isOfContent(told),
      );
      if (answer.outcome !== "accepted") {
        const note = refusedNote(remoteSentence(answer, host));
        await writeOutcomes(ctx.db, turn, [failed(link, note)]);
        continue;
      }
      await ctx.db.transaction(async (tx) => {
        await writeReplaced(tx, turn, link.id);
        await recordAudit({ ...ctx, db: tx }, "remote_file.deleted", fileId, {
          endpointId: turn.endpointId,
          uniqueIdentifier: link.uniqueIdentifier,
        });
      });
    }
    left.push(link);
  }
  return left;
}

function takenIn(
  { random }: TurnWork,
  { id }: RemoteLink,
  upload: RemoteUpload | undefined,
): Outcome {
  const waitMs =
    FIRST_LOOK_MS_MIN + random() * (FIRST_LOOK_MS_MAX - FIRST_LOOK_MS_MIN);
  const { state = "progress", text = "" } = upload ?? {};
  return {
    ...{ id, lookups: 0, uploadId: upload?.id ?? null },
    arrivedBytes: upload?.arrivedBytes ?? null,
    sizeBytes: upload?.sizeBytes ?? null,
    ...(state === "failed" || state === "cancelled"
      ? { state: "failed", note: { is: "not_fetched", text } }
      : { state: "progress", waitMs: state === "completed" ? 0 : waitMs }),
  };
}

function failed({ id, lookups }: RemoteLink, note: RemoteNote): Outcome {
  return { ...{ id, lookups, note }, state: "failed" };
}

function refusedNote(text: string): RemoteNote {
  return { is: "refused", text };
}

function isOfContent({ answer }: Told<unknown>): boolean {
  return answer.outcome === "content" || answer.outcome === "too_large";
}

function idsOf(links: readonly RemoteLink[]): string[] {
  return links.map(({ id }) => id);
}

function toWire({ link, filename, uniqueIdentifier }: RemoteLink) {
  return { link, filename, uniqueIdentifier };
}
