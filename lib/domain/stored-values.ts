import { z } from "zod";

import { excerptSchema } from "./text-excerpt";

/** Entries whose stored values can be asked for at once, and values of each that are given. */
export const STORED_VALUES_LIMITS = { keysMax: 50, valuesMax: 500 } as const;

export const storedValuesQuestionSchema = z.object({
  keys: z
    .array(z.string().max(256))
    .max(
      STORED_VALUES_LIMITS.keysMax,
      `Ask for at most ${STORED_VALUES_LIMITS.keysMax} entries at once.`,
    ),
});

/** The stored values of some entries, cut for reading. Keys that are no entries are missing. */
export const storedValuesSchema = z.object({
  entries: z.array(
    z.object({
      key: z.string(),
      /** Value names with their texts, in the order of the names. */
      values: z.array(z.tuple([z.string(), excerptSchema])),
    }),
  ),
});
export type StoredValuesPage = z.output<typeof storedValuesSchema>;
