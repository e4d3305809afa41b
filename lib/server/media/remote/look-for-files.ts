import "server-only";

import { mayPass } from "@/lib/domain/remote-answer";
import { REMOTE_MEDIA_LIMITS } from "@/lib/domain/remote-media";
import {
  findRemoteFiles,
  getRemoteUpload,
  type RemoteFileInfo,
  type RemoteUpload,
} from "@/lib/server/endpoints/service";

import type { TurnWork } from "./take-turn";
import { writeOutcomes, type Outcome, type RemoteLink } from "./turn-store";

/** Uploads asked after in one turn, and at once: the others are asked after in the next. */
const UPLOADS_MAX = 25;
const UPLOADS_AT_ONCE = 5;
/** Between two looks: a random time of half to the whole of this, doubled each time. */
const LOOK_MS_MIN = 1_000;
const LOOK_MS_MAX = 300_000;
/** Of what had no turn to be asked after. */
const SOON_MS = 1_000;
const HOUR_MS = 3_600_000;

/**
 * Looks whether the files of a turn are there: all by identifier in one
 * request; those that are not, or have no size yet, by upload. Nothing is
 * concluded from silence until `followedHours` are over.
 *
 * @throws what `ask` throws
 */
export async function lookForFiles(work: TurnWork): Promise<void> {
  const { ctx, turn, ask } = work;
  const identifiers = turn.links.map((link) => link.uniqueIdentifier);
  const { value: found = new Map<string, RemoteFileInfo>() } = await ask(
    (client, signal) => findRemoteFiles(client, identifiers, signal),
  );
  const outcomes: Outcome[] = [];
  const open: Open[] = [];
  for (const link of turn.links) {
    const file = found.get(link.uniqueIdentifier);
    if (file && isThere(file)) outcomes.push(completed(link, file));
    else open.push({ link, file });
  }
  // What is missing altogether may have failed: people wait for the reason.
  open.sort(
    (a, b) => Number(a.file !== undefined) - Number(b.file !== undefined),
  );
  for (let at = 0; at < open.length; at += UPLOADS_AT_ONCE) {
    const some = open.slice(at, at + UPLOADS_AT_ONCE);
    outcomes.push(
      ...(await Promise.all(
        some.map(async (one) =>
          at < UPLOADS_MAX
            ? concludeFrom(work, one, await uploadOf(work, one))
            : waiting(one, one.link.lookups, SOON_MS),
        ),
      )),
    );
  }
  await writeOutcomes(ctx.db, turn, outcomes);
}

/** An endpoint that says how far a file is may tell its announced size long before; another one has none until it is there. */
function isThere({ state, sizeBytes }: RemoteFileInfo): boolean {
  return state === null ? sizeBytes > 0 : state === "completed";
}

type Open = { link: RemoteLink; file: RemoteFileInfo | undefined };

/** The upload; `"unknown"`: the endpoint knows none; `undefined`: it did not say. */
async function uploadOf(
  { ask }: TurnWork,
  { link, file }: Open,
): Promise<RemoteUpload | "unknown" | undefined> {
  const uploadId = link.uploadId ?? link.fileId ?? file?.id;
  if (!uploadId) return "unknown";
  const told = await ask(
    (client, signal) => getRemoteUpload(client, uploadId, signal),
    () => true,
  );
  return told.value ?? (mayPass(told.answer.outcome) ? undefined : "unknown");
}

function concludeFrom(
  work: TurnWork,
  open: Open,
  upload: RemoteUpload | "unknown" | undefined,
): Outcome {
  const { link, file } = open;
  if (upload === "unknown") {
    // The file is there, and nobody can say more of it.
    return file ? completed(link, file) : lookAgain(work, open);
  }
  if (upload?.state === "failed" || upload?.state === "cancelled") {
    const { id, lookups } = link;
    const note = { is: "not_fetched", text: upload.text } as const;
    return { ...{ id, lookups, note }, state: "failed" };
  }
  if (upload?.state === "completed" && file) return completed(link, file);
  return {
    ...lookAgain(work, open),
    ...(upload && {
      arrivedBytes: upload.arrivedBytes,
      sizeBytes: upload.sizeBytes,
    }),
  };
}

function lookAgain({ random, now }: TurnWork, open: Open): Outcome {
  const { id, lookups, acceptedAt } = open.link;
  const hours = REMOTE_MEDIA_LIMITS.followedHours;
  const sinceMs = now.getTime() - (acceptedAt ?? now).getTime();
  if (sinceMs > hours * HOUR_MS) {
    return {
      ...{ id, lookups, state: "failed" },
      note: { is: "not_there", hours },
    };
  }
  const most = Math.min(LOOK_MS_MAX, LOOK_MS_MIN * 2 ** Math.min(lookups, 20));
  return waiting(open, lookups + 1, most * (0.5 + random() / 2));
}

function waiting(
  { link, file }: Open,
  lookups: number,
  waitMs: number,
): Outcome {
  return {
    ...{ id: link.id, state: "progress", lookups, waitMs },
    ...(file && { fileId: file.id, publicUrl: file.publicUrl }),
  };
}

function completed({ id, lookups }: RemoteLink, file: RemoteFileInfo): Outcome {
  return {
    ...{ id, lookups, state: "completed" },
    ...{ fileId: file.id, publicUrl: file.publicUrl },
    ...{ mimeType: file.mimeType, sizeBytes: file.sizeBytes },
    arrivedBytes: file.sizeBytes,
  };
}
