import "server-only";

import { ERROR_CODES, findAppError } from "@/lib/domain/errors";

/**
 * Tries of one batch: enough for 15 to 30 offenders, each of which costs about
 * two tries for every halving. More of them than that are no single bad rows,
 * and looking for each would hold the target for minutes.
 */
const TRIES_MAX = 200;

export type Isolated<Answer> = {
  /** What was applied, in the order it was given: place of the first, how many, and the answer. */
  applied: { at: number; count: number; answer: Answer }[];
  /** What was refused. More than one together only when the tries were used up. */
  refused: { at: number; count: number; message: string }[];
  tries: number;
};

/**
 * Applies entities so that those a target refuses sink no others: the whole is
 * tried first; what is refused for its content is halved until the offender is
 * alone and set aside with the target's sentence. Parts are applied one after
 * another in the order given, and none twice.
 *
 * Above `triesMax` tries nothing is halved any more: each part that is left is
 * tried once, and set aside whole when refused. So the tries are bounded by
 * `triesMax` and the number of halvings on top.
 *
 * Works for any target: `apply` must apply a part or, when it throws, nothing
 * of it.
 *
 * @throws what `apply` throws and is no fault of the content (`ERROR_CODES`),
 *   such as a target that is away, a conflict, or a right that is missing.
 */
export async function applyIsolating<Entity, Answer>(
  entities: readonly Entity[],
  apply: (part: readonly Entity[]) => Promise<Answer>,
  triesMax = TRIES_MAX,
): Promise<Isolated<Answer>> {
  const isolated: Isolated<Answer> = { applied: [], refused: [], tries: 0 };
  // The next part is the last one: a stack holds a half for each halving.
  const parts = entities.length > 0 ? [{ at: 0, count: entities.length }] : [];
  for (;;) {
    const part = parts.pop();
    if (!part) return isolated;
    const { at, count } = part;
    isolated.tries += 1;
    try {
      const answer = await apply(entities.slice(at, at + count));
      isolated.applied.push({ ...part, answer });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      if (count === 1 || isolated.tries >= triesMax) {
        isolated.refused.push({ ...part, message: refusal });
        continue;
      }
      const half = Math.ceil(count / 2);
      parts.push({ at: at + half, count: count - half });
      parts.push({ at, count: half });
    }
  }
}

/** The sentence of a refusal that may concern some of the entities only. */
function refusalOf(error: unknown): string | undefined {
  const known = findAppError(error);
  return known && ERROR_CODES[known.code].isOfContent
    ? known.message
    : undefined;
}
