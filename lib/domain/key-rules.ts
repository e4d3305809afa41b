import { z } from "zod";

/** Languages whose letters are written in Latin in a way of their own; without one `ö` becomes `oe`. */
export const KEY_LETTERS = ["da", "de", "hu", "nb", "sr", "sv", "tr"] as const;

const RULES_MAX = 20;
const TEXT_CHARS_MAX = 50;

/** One step of cleaning a key. What each does is said in lib/domain/clean-key.ts. */
export const keyRuleSchema = z.discriminatedUnion("rule", [
  z.object({ rule: z.literal("trim") }),
  z.object({ rule: z.literal("lower") }),
  z.object({
    rule: z.literal("transliterate"),
    letters: z.enum(KEY_LETTERS).optional(),
  }),
  z.object({
    rule: z.literal("replace"),
    find: z.string().min(1, "Say what to replace.").max(TEXT_CHARS_MAX),
    by: z.string().max(TEXT_CHARS_MAX),
  }),
  z.object({ rule: z.literal("illegal"), by: z.enum(["-", "_"]) }),
  z.object({ rule: z.literal("collapse") }),
]);
export type KeyRule = z.output<typeof keyRuleSchema>;

/** Applied in this order to each key cell. */
export const keyRulesSchema = z.array(keyRuleSchema).max(RULES_MAX);

/** The rule a person adds, with the values it begins with. */
export function startKeyRule(rule: KeyRule["rule"]): KeyRule {
  switch (rule) {
    case "replace":
      return { rule, find: " ", by: "-" };
    case "illegal":
      return { rule, by: "-" };
    default:
      return { rule };
  }
}
