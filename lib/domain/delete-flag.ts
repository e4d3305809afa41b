/**
 * Words that mean yes or no in a delete column, whatever their case. English
 * and the languages of Europe where product data is kept; `x` and check marks
 * are how people tick a cell.
 */
const YES =
  "1 true t yes y x on delete deleted remove removed ✓ ✔ ☑ ja j jo oui o vrai sí si s verdadero sim verdadeiro vero tak prawda ano áno da да истина ναι nai kyllä igen igaz jah taip jā evet wahr sant sann sand tosi";
const NO =
  "0 false f no n off keep - ☐ nej nein nei nee non faux não falso nie fałsz ne нет не ложь όχι ochi ei nem hamis nē hayır hayir falsch falskt usann falsk epätosi";

const ANSWERS = new Map<string, boolean>([
  ...YES.split(" ").map((word): [string, boolean] => [word, true]),
  ...NO.split(" ").map((word): [string, boolean] => [word, false]),
  ["", false],
]);

/**
 * What a cell of the delete column says: `true` deletes, `false` does not
 * (empty is no), `undefined` is not understood. Spaces around it do not count.
 */
export function readDeleteFlag(cell: string): boolean | undefined {
  return ANSWERS.get(cell.trim().toLowerCase());
}
