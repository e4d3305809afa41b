import { createWriteStream } from "node:fs";
import { once } from "node:events";

import { createTextHash } from "./text-hash";

export const COLUMNS = 20;

const WORDS =
  "stol bord lampa grön ljus trä stark kvalitet für das Haus avec élégance modern klassisch 木製 chair table".split(
    " ",
  );
const WRITE_CHARS = 1 << 20;

/**
 * Writes a product-like CSV: of ten columns two hold text that is sometimes
 * quoted, with commas, quotes and line breaks; two hold multi-byte text.
 * Gives the hash of every value, made while writing and not by reading back.
 */
export async function writeTable(
  path: string,
  rows: number,
): Promise<{ hash: string; bytes: number }> {
  const out = createWriteStream(path);
  const hash = createTextHash();
  const random = createRandom();
  let text =
    ["sku", ...Array.from({ length: COLUMNS - 1 }, (_, i) => `p${i + 1}`)].join(
      ",",
    ) + "\n";

  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const value = column === 0 ? `SKU-${row}` : makeValue(column, random);
      hash.add(value);
      text += (column === 0 ? "" : ",") + csvCell(value);
    }
    text += "\n";
    if (text.length > WRITE_CHARS) {
      if (!out.write(text)) await once(out, "drain");
      text = "";
    }
  }
  out.end(text);
  await once(out, "close");
  return { hash: hash.finish(), bytes: out.bytesWritten };
}

function makeValue(column: number, random: () => number): string {
  switch (column % 10) {
    case 1:
    case 2: {
      const text = words(random, 5 + Math.floor(random() * 4));
      if (random() > 0.3) return text;
      return `${text}${random() < 0.33 ? "\n" : ", "}said "hi"`;
    }
    case 3:
    case 4:
      return words(random, 2);
    case 5:
      return String(Math.floor(random() * 1e13));
    case 6:
      return (random() * 1_000).toFixed(2);
    case 7:
      return random() < 0.5 ? "" : "true";
    case 8:
      return `2026-01-0${1 + Math.floor(random() * 9)}`;
    default:
      return `code${Math.floor(random() * 1e6)}`;
  }
}

function words(random: () => number, count: number): string {
  return Array.from(
    { length: count },
    () => WORDS[Math.floor(random() * WORDS.length)],
  ).join(" ");
}

function csvCell(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** The same numbers every time (Numerical Recipes' generator). */
function createRandom(): () => number {
  let state = 42;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
