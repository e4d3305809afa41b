import { z } from "zod";

import { readOutcome, type Outcome } from "./outcome";
import { setAsideSchema, type SetAside } from "./set-aside";

/** What a remote source answered to a part of a batch: its entities from one place to another. */
const partAnswerSchema = z.object({
  fromAt: z.number().int(),
  toAt: z.number().int(),
  status: z.number().int().nullable(),
  requestId: z.string().nullable(),
  excerpt: z.string(),
  at: z.iso.datetime(),
});

/** What the ledger tells of the entities of one batch. */
export const batchOutcomesSchema = z.object({
  sequence: z.number().int(),
  at: z.iso.datetime(),
  /** A letter each; `null` for batches that were applied before they were kept. */
  outcomes: z.string().nullable(),
  setAside: z.array(setAsideSchema),
  /** Of a remote source, in the order they came; `null` for a built-in one. */
  answers: z.array(partAnswerSchema).nullable(),
});
export type BatchOutcomes = z.output<typeof batchOutcomesSchema>;

export const batchOutcomesPageSchema = z.object({
  batches: z.array(batchOutcomesSchema),
  /** Sequence to continue after; `null` on the last page. */
  nextAfter: z.number().int().nullable(),
});
export type BatchOutcomesPage = z.output<typeof batchOutcomesPageSchema>;

/** The rejected rows, to be corrected and dropped again, or a receipt of every row. */
export type RunReport = "rejectedRows" | "receipt";

/** What became of an entity; `undefined` when its batch is not applied, `sent` when the ledger knows no more than that it is. */
export type EntityAnswer = {
  outcome: Outcome | "sent";
  at: string;
  reason: string;
  /** Of a remote source: the last answer to a request that held the entity, as far as it is kept. */
  remote?: RemotePart | undefined;
};

export type RemotePart = z.output<typeof partAnswerSchema>;

/** The ledger of one run, for looking up single entities. */
export type RunLedger = {
  /** Of a run into a remote source. */
  isRemote: boolean;
  answerOf: (sequence: number, at: number) => EntityAnswer | undefined;
};

/** Makes the ledger of a run out of all its lines. */
export function createRunLedger(lines: Iterable<BatchOutcomes>): RunLedger {
  const bySequence = new Map<number, BatchOutcomes>();
  const asides = new Map<string, SetAside>();
  for (const line of lines) {
    bySequence.set(line.sequence, line);
    for (const one of line.setAside) {
      asides.set(`${line.sequence}:${one.at}`, one);
    }
  }
  return {
    isRemote: [...bySequence.values()].some(({ answers }) => answers !== null),
    answerOf(sequence, at) {
      const line = bySequence.get(sequence);
      if (!line) return undefined;
      const aside = asides.get(`${sequence}:${at}`);
      if (aside) {
        // One that was refused before anything was sent stands among others that were.
        const last = remoteAnswerOf(line, at);
        const wasRefused = (last?.status ?? 0) >= 400;
        return {
          ...{ outcome: "aside", at: line.at, reason: aside.reason },
          remote: wasRefused ? last : undefined,
        };
      }
      const outcome =
        line.outcomes === null ? undefined : readOutcome(line.outcomes, at);
      return {
        ...{ outcome: outcome ?? "sent", at: line.at, reason: "" },
        // Of many answers not all are kept: an earlier one would say the contrary.
        remote: remoteAnswerOf(line, at, isAccepted),
      };
    },
  };
}

function remoteAnswerOf(
  { answers }: BatchOutcomes,
  at: number,
  isWanted = (_part: RemotePart) => true,
): RemotePart | undefined {
  return answers?.findLast(
    (part) => part.fromAt <= at && at <= part.toAt && isWanted(part),
  );
}

function isAccepted({ status }: RemotePart): boolean {
  return status !== null && status >= 200 && status < 300;
}
