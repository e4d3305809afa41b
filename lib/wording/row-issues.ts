import { LEGAL_CHARACTERS } from "@/lib/domain/identifiers";
import type { IssueCode } from "@/lib/domain/import-run";
import {
  IDENTIFIER_LIMITS,
  SEND_LIMITS,
  TABLE_LIMITS,
} from "@/lib/domain/limits";

const count = (value: number) => value.toLocaleString("en");

/** Rule and remedy of every problem a row can have. The place is put before it by `issueMessage`. */
export const ISSUE_RULES: Record<IssueCode, string> = {
  key_missing:
    "the key is empty, and every row needs one. Fill in the cell, or delete the row from the file.",
  key_illegal: `a key may hold only ${LEGAL_CHARACTERS}, without spaces before or after. Correct the cell, or choose another key column.`,
  key_too_long: `a key has at most ${count(IDENTIFIER_LIMITS.keyCharsMax)} characters. Shorten it, or choose another key column.`,
  key_repeated:
    "an earlier row has the same key. Remove one of the two, add a key column that tells them apart, or let repeated keys merge.",
  key_replaced:
    "a later row has the same key, and the last one is kept. Remove one of the two, add a key column that tells them apart, or let repeated keys merge.",
  key_collapsed:
    "another row becomes the same key although its cells differ. Change the rules that clean the keys or the text between them, or say on the check page what such rows mean.",
  delete_not_understood:
    "the cell should say whether to delete the entry. Use yes, no, true, false, 1, 0, or leave it empty.",
  language_missing:
    "the row has texts in a language but does not say which. Fill in a code such as sv or en-GB.",
  language_illegal: `a language code has ${IDENTIFIER_LIMITS.languageCharsMin} to ${IDENTIFIER_LIMITS.languageCharsMax} characters of ${LEGAL_CHARACTERS}, such as sv or en-GB. Correct the cell.`,
  property_missing:
    "the row has a value but does not say of which property. Fill in the property id, or empty the value.",
  property_illegal: `a property id has at most ${IDENTIFIER_LIMITS.propertyIdCharsMax} characters, only ${LEGAL_CHARACTERS}. Correct the cell, or let such names be written as ids in the columns step.`,
  property_taken:
    "the row names a property that another column of the file fills already. Ignore that column, or give the property another name.",
  cell_too_long: `a cell may hold at most ${count(TABLE_LIMITS.cellCharsMax)} characters. Shorten the text.`,
  cell_illegal_character:
    "the text holds the character NUL (code 0), which cannot be stored. Remove it, or check that the file was saved as text.",
  entity_too_large: `the row makes an entry of more than ${count(SEND_LIMITS.entityBytesMax)} bytes. Shorten its texts, or spread them over several rows with the same key.`,
  link_illegal:
    "the cell should hold links to files, each beginning with http:// or https:// and without a user name before the host. Correct the link, empty the cell, or import the column as plain text.",
  extra_cells:
    "the row has more filled cells than the table has columns. Check its delimiters and quotes, or add the missing column names to the header.",
  cell_error:
    "the cell holds an error of the spreadsheet instead of a value. Correct its formula, or empty the cell.",
};

/** The whole sentence: where, what the rule is, what to do. At most 500 characters. */
export function issueMessage(code: IssueCode, columnName: string): string {
  const place =
    columnName === "" ? "" : `Column “${columnName.slice(0, 80)}”: `;
  const sentence = place + ISSUE_RULES[code];
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
