import "server-only";

const HIDDEN = "[hidden]";
/** Shorter ones are parts of ordinary words: marking each place would spell them. */
const MARKED_CHARS_MIN = 8;
/** Gateways quote what an API quoted. */
const ROUNDS = 3;

const ENTITIES = new Map(
  Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }),
);

type Decoder = (text: string) => string;

/** What JSON, HTML and addresses escape, read as what it stands for. */
const DECODERS: Decoder[] = [
  (text) =>
    text.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
      String.fromCharCode(parseInt(hex, 16)),
    ),
  (text) => text.replace(/\\(["\\/])/g, "$1"),
  (text) =>
    text.replace(
      /&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi,
      (all: string, hex?: string, digits?: string) =>
        characterOf(hex ? parseInt(hex, 16) : Number(digits), all),
    ),
  (text) =>
    text.replace(
      /&(amp|lt|gt|quot|apos);/g,
      (all, name: string) => ENTITIES.get(name) ?? all,
    ),
  (text) =>
    text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
      Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"),
    ),
];

/**
 * A text that somebody else wrote, without the secrets and tokens that were
 * sent to them: as they are, and as JSON, HTML, addresses, base64 and
 * hexadecimal digits write them. Empty when one is in it in a way that cannot
 * be cut out.
 */
export function hideKnown(text: string, known: readonly string[]): string {
  const secrets = known.filter((secret) => secret !== "");
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < MARKED_CHARS_MIN) continue;
    for (const form of formsOf(secret)) clean = clean.replaceAll(form, HIDDEN);
  }
  const holds = (read: string) =>
    secrets.some((secret) =>
      formsOf(secret).some((form) => read.includes(form)),
    );
  let read = clean;
  if (holds(read)) return "";
  for (const decode of Array(ROUNDS).fill(DECODERS).flat() as Decoder[]) {
    // After each: a secret may itself look as if it were escaped.
    const next = decode(read);
    if (next !== read && holds(next)) return "";
    read = next;
  }
  return clean;
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const hex = bytes.toString("hex");
  const coded = [0, 1, 2].flatMap((before) => base64Inside(bytes, before));
  const forms = [
    ...[secret, JSON.stringify(secret).slice(1, -1)],
    ...[encodeURIComponent(secret.toWellFormed()), hex, hex.toUpperCase()],
    ...coded,
  ];
  return [...new Set(forms)];
}

/** The digits of base64 that are the same whatever stands around the bytes, `before` of them before. */
function base64Inside(bytes: Buffer, before: number): string[] {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  const inside = text.slice(
    before === 0 ? 0 : before + 1,
    Math.floor(((before + bytes.length) * 8) / 6),
  );
  if (inside.length < MARKED_CHARS_MIN) return [];
  return [inside, inside.replaceAll("+", "-").replaceAll("/", "_")];
}

function characterOf(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}
