import { formatCount } from "@/lib/client/format-number";
import type { KEY_LETTERS, KeyRule } from "@/lib/domain/key-rules";

type Letters = (typeof KEY_LETTERS)[number];

export const KEY_RULE_NAMES: Record<KeyRule["rule"], string> = {
  trim: "Take spaces off both ends",
  lower: "Make small letters",
  transliterate: "Write letters as A-Z",
  replace: "Replace a text",
  illegal: "Replace illegal characters",
  collapse: "Make one of several - or _",
};

export const KEY_LETTER_NAMES: Record<Letters | "", string> = {
  "": "as usual (ö is oe)",
  da: "Danish (ø is oe)",
  de: "German (ö is oe)",
  hu: "Hungarian (ö is o)",
  nb: "Norwegian (ø is oe)",
  sr: "Serbian (đ is dj)",
  sv: "Swedish (ö is o)",
  tr: "Turkish (ö is o)",
};

export const keyRuleWords = {
  title: "Clean the keys",
  none: "Keys are used as they stand in the file.",
  some: (rules: number) => `${formatCount(rules, "rule")}, in this order`,
  add: "Add a rule",
  remove: (name: string) => `Remove “${name}”`,
  earlier: (name: string) => `Move “${name}” up`,
  later: (name: string) => `Move “${name}” down`,
  find: "Text",
  by: "becomes",
  letters: "Letters",
  examples: "First keys before and after",
  before: "In the file",
  after: "Key",
  unchanged: "The first keys stay as they are.",
  illegal: "not a legal key",
  run: (rules: readonly KeyRule[]) =>
    `Keys are cleaned: ${rules.map(keyRuleText).join(", ")}.`,
  perCell:
    "Each key cell is cleaned on its own, before several are joined. A property made of the same column keeps the cell as it is.",
};

/** What a rule does, in a list of rules. */
export function keyRuleText(rule: KeyRule): string {
  switch (rule.rule) {
    case "trim":
      return "spaces taken off both ends";
    case "lower":
      return "small letters";
    case "transliterate":
      return "letters written as A-Z";
    case "replace":
      return rule.by === ""
        ? `“${rule.find}” removed`
        : `“${rule.find}” replaced by “${rule.by}”`;
    case "illegal":
      return `illegal characters replaced by “${rule.by}”`;
    case "collapse":
      return "several - or _ made one";
  }
}

export const keyRepairWords = {
  title: (rows: number) =>
    `${formatCount(rows, "row")} ${rows === 1 ? "is" : "are"} rejected for the characters of the key`,
  text: (rules: readonly KeyRule[]) =>
    `Cleaned keys would be legal: ${rules.map(keyRuleText).join(", ")}.`,
  /** Between a key and what it becomes, for screen readers. */
  becomes: "becomes",
  apply: (rows: number) => `Clean the keys, save ${formatCount(rows, "row")}`,
};
