import { z } from "zod";

import {
  changeTotalsSchema,
  compareEntry,
  createChangeCounter,
  ENTRY_CHANGES,
  type EntryChange,
  type ValueChange,
} from "./entry-changes";
import type { Entity } from "./entity";
import { AppError } from "./errors";
import { valueName } from "./identifiers";
import { createMerge, type StoredValues } from "./merge";
import { cutAtDifference, excerptSchema } from "./text-excerpt";

/** What became of one mention of an entry in several batches. */
type Mention = {
  sequence: number;
  position: number;
  /** `null`: the entry is not there after this mention. */
  values: StoredValues | null;
  /** Value names that were sent for it so far. */
  sent: string[];
};

/**
 * An entry that several batches of a forecast name, between two of them. The
 * mention before the last is kept so that the last batch may be asked again.
 */
export type RepeatedEntry = {
  original: StoredValues | null;
  /** `null`: no mention so far could be stored. */
  last: Mention | null;
  previous: Mention | null;
};

/** How an entry of a batch stands to the other batches of the file. */
export type Repeats = {
  /** Positions in the batch of entries that a later batch may name again. */
  first: readonly number[];
  /** Positions of entries that an earlier batch has named. */
  again: readonly number[];
};

const NO_NAMES: ReadonlySet<string> = new Set();
const NO_POSITIONS: ReadonlySet<number> = new Set();

export const NO_REPEATS: Repeats = { first: [], again: [] };

/** A letter for each change of a value, as `details` have them. */
export const VALUE_LETTERS: Record<ValueChange, string> = {
  set: "+",
  replaced: "~",
  cleared: "-",
  removed: "x",
  same: "=",
  left: ".",
};

const count = z.number().int();

/** What a batch would do, as the server answers it. */
export const forecastAnswerSchema = z.object({
  sequence: count,
  /** When the stored entries were read. */
  at: z.iso.datetime(),
  /** What the receipt of this batch would say. */
  counts: z.object({
    created: count,
    updated: count,
    unchanged: count,
    deleted: count,
  }),
  /**
   * What to add to the totals of the file: each entry counts once, from what is
   * stored to what all batches so far make of it. Counts of a batch that takes
   * back an earlier one may be negative.
   */
  totals: changeTotalsSchema,
  /** A digit an entity in the batch's order: its place in `ENTRY_CHANGES`, from what is stored. */
  changes: z.string(),
  /** Of entities that change an entry: position, a letter for each value that was sent, and the old text of each `~` and `-` among them. */
  details: z.array(z.tuple([count, z.string(), z.array(excerptSchema)])),
  /** Changes whose new text is not the one of this batch, because an earlier batch or the server made it: position, value name, letter, old text, new text. */
  others: z.array(
    z.tuple([
      count,
      z.string(),
      z.string(),
      excerptSchema.nullable(),
      excerptSchema.nullable(),
    ]),
  ),
  /** Entities that stand for an earlier mention too: position here, sequence and position there. */
  supersedes: z.array(z.tuple([count, count, count])),
});
export type ForecastAnswer = z.output<typeof forecastAnswerSchema>;

export type BatchForecast = {
  answer: Omit<ForecastAnswer, "at">;
  /** To be kept until the forecast ends, by key. */
  repeated: Map<string, RepeatedEntry>;
};

/**
 * What a batch would do if it were imported now, after the earlier batches of
 * its file. Nothing is written; the rules are those of the import
 * (`createMerge`).
 *
 * `stored` holds those entries of the batch that exist, `earlier` the entries
 * of `repeats.again`. The same batch again, right after itself, gives the same
 * answer.
 *
 * @throws {AppError} `conflict` when batches with a common key came in another
 *   order, or what was kept of them is gone.
 */
export function forecastBatch(args: {
  sequence: number;
  entities: readonly Entity[];
  repeats: Repeats;
  stored: ReadonlyMap<string, StoredValues>;
  earlier: ReadonlyMap<string, RepeatedEntry>;
  /** Names of values that the server makes of what was sent. */
  made?: ReadonlySet<string>;
  /** Positions of what cannot be stored: the import leaves them out. */
  refused?: ReadonlySet<number>;
}): BatchForecast {
  const { sequence, entities, stored, made = NO_NAMES } = args;
  const { refused = NO_POSITIONS } = args;
  const histories = readHistories(args);
  const before = valuesBefore(args, histories);
  const merge = createMerge(before);
  const counts = merge.apply(entities.filter((_, at) => !refused.has(at)));
  const counter = createChangeCounter();
  const repeated = new Map<string, RepeatedEntry>();
  const answer: BatchForecast["answer"] = {
    ...{ sequence, counts, totals: counter.totals(), changes: "" },
    ...{ details: [], others: [], supersedes: [] },
  };
  const changes: number[] = [];

  for (const [position, entity] of entities.entries()) {
    const history = histories.get(position);
    const prior = history?.prior;
    if (refused.has(position)) {
      counter.addAside();
      changes.push(ENTRY_CHANGES.indexOf("aside"));
      if (history && !history.isKnown) {
        const original = history.original ?? null;
        repeated.set(entity.key, { original, last: null, previous: null });
      }
      continue;
    }
    const original = history ? history.original : stored.get(entity.key);
    const values = merge.valuesOf(entity.key);
    let sent = namesOf(entity);
    if (history) {
      if (prior) {
        const { sequence: at, position: place } = prior;
        answer.supersedes.push([position, at, place]);
        counter.add(original, prior.values ?? undefined, prior.sent, -1);
        sent = [...new Set([...sent, ...prior.sent])];
      }
      repeated.set(entity.key, {
        original: original ?? null,
        last: { sequence, position, values: values ?? null, sent },
        previous: prior ?? null,
      });
    }
    const change = counter.add(original, values, sent);
    changes.push(ENTRY_CHANGES.indexOf(change));
    const isMade = made.size > 0 && change === "created";
    if (prior || change === "updated" || isMade) {
      describe(answer, { position, entity, original, values, sent, made });
    }
  }
  answer.changes = changes.join("");
  answer.totals = counter.totals();
  return { answer, repeated };
}

/** The entries of a batch as it finds them: as they are stored, or as earlier batches of its file left them. */
export function valuesBefore(
  args: Parameters<typeof readHistories>[0],
  histories = readHistories(args),
): Map<string, StoredValues> {
  const before = new Map(args.stored);
  for (const [position, { prior, original }] of histories) {
    const key = args.entities[position]?.key ?? "";
    const values = prior ? prior.values : original;
    if (values) before.set(key, values);
    else before.delete(key);
  }
  return before;
}

type History = {
  original: StoredValues | undefined;
  prior: Mention | undefined;
  /** An earlier batch has kept something of it. */
  isKnown: boolean;
};

/** By position: the entries that other batches name too. */
function readHistories({
  sequence,
  entities,
  repeats,
  stored,
  earlier,
}: Omit<Parameters<typeof forecastBatch>[0], "made" | "refused">): Map<
  number,
  History
> {
  const histories = new Map<number, History>();
  for (const position of repeats.first) {
    const key = entities[position]?.key;
    if (key === undefined) continue;
    histories.set(position, {
      ...{ original: stored.get(key), prior: undefined, isKnown: false },
    });
  }
  for (const position of repeats.again) {
    const key = entities[position]?.key;
    if (key === undefined) continue;
    const known = earlier.get(key);
    const isRepeat = known?.last?.sequence === sequence;
    const prior = (isRepeat ? known?.previous : known?.last) ?? undefined;
    if (!known || (prior && prior.sequence >= sequence)) {
      throw new AppError(
        "conflict",
        "The forecast has lost what it knew of earlier rows of this file. Start it again.",
      );
    }
    const original = known.original ?? undefined;
    histories.set(position, { original, prior, isKnown: true });
  }
  return histories;
}

function namesOf({ delete: isDelete, properties }: Entity): string[] {
  if (isDelete) return [];
  return properties.map(({ id, language }) => valueName(id, language));
}

/** Adds what a person is shown of one changed entry. */
function describe(
  { details, others }: BatchForecast["answer"],
  one: {
    position: number;
    entity: Entity;
    original: StoredValues | undefined;
    values: StoredValues | undefined;
    sent: readonly string[];
    made: ReadonlySet<string>;
  },
): void {
  const { position, entity, original, values, sent, made } = one;
  const own = new Set(namesOf(entity));
  const letters: string[] = [];
  const olds: ForecastAnswer["details"][number][2] = [];
  const found = new Map<string, ValueChange>();
  const change: EntryChange = compareEntry(original, values, sent, (name, to) =>
    found.set(name, to),
  );
  // Of a deleted entry everything goes; there is nothing to tell value by value.
  if (change === "deleted") return;
  for (const name of own) {
    const to = found.get(name) ?? "same";
    letters.push(VALUE_LETTERS[to]);
    if (to === "replaced" || to === "cleared") {
      olds.push(cutAtDifference(original?.[name] ?? "", values?.[name]).before);
    }
  }
  details.push([position, letters.join(""), olds]);
  for (const [name, to] of found) {
    if (to === "same" || to === "left") continue;
    if (own.has(name) && !made.has(name)) continue;
    const cut = cutAtDifference(original?.[name] ?? "", values?.[name]);
    others.push([
      position,
      name,
      VALUE_LETTERS[to],
      original?.[name] === undefined ? null : cut.before,
      values?.[name] === undefined ? null : cut.after,
    ]);
  }
}
