/** Words that passwords are made of most, in the spelling after `plain`. */
const WORDS = `password passwort passord losenord motdepasse contrasena pass
 admin administrator root user guest test testing demo default login signin welcome willkommen
 valkommen hello letmein changeme secret hemlig geheim access master system server
 database internet computer samsung google facebook apple microsoft
 source studio sourcestudio company qwerty qwertz azerty asdf zxcv iloveyou loveyou lovely love
 football baseball basketball soccer hockey liverpool chelsea arsenal barcelona
 dragon monkey tiger eagle mustang ferrari mercedes porsche corvette harley ranger hunter
 superman batman spiderman pokemon starwars matrix naruto minecraft
 sunshine princess shadow ashley michael jessica jennifer daniel thomas robert
 charlie jordan andrew joshua nicole michelle anthony matthew william george alexander
 summer winter spring autumn sommar vinter host sommer january february march april june july
 august september october november december monday tuesday wednesday thursday
 friday saturday sunday flower cookie cheese chocolate banana orange purple yellow
 freedom whatever trustno nothing unbelievable forever family friends killer mother father
 one two three four five six seven eight nine zero the and my is new old best super
 abc abcd qwe asd zxc qaz wsx xyz`
  .trim()
  .split(/\s+/);

/** Neighbours on keyboards and in the alphabet; read backwards too. */
const ROWS = [
  "01234567890123456789",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiop[]",
  "qwertzuiopü",
  "azertyuiop",
  "asdfghjkl;'",
  "qsdfghjklm",
  "zxcvbnm,./",
  "yxcvbnm,.-",
  "!@#$%^&*()_+",
  '!"#$%&/()=',
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
  "1q2w3e4r5t6y7u8i9o0p",
  "q1w2e3r4t5y6u7i8o9p0",
  "qazwsxedcrfvtgbyhnujmikolp",
  "zaq12wsxcde34rfvbgt56yhnmju7",
].flatMap((row) => [row, [...row].reverse().join("")]);

const LETTERS_OF_SIGNS = new Map(
  Object.entries({
    ...{ "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t" },
    ...{ "@": "a", $: "s", "!": "i", å: "a", ä: "a", ö: "o", é: "e", ñ: "n" },
  }),
);

/** So many guessable pieces and single characters are too few. */
const PIECES_MAX = 4;
const WORDS_SET = new Set(WORDS);
const WORD_CHARS_MAX = 40;

/**
 * Why a password is one of the first that others try, as a sentence, or
 * nothing: common words, rows of keys, years and repetitions with little beside
 * them, or the person's own `email`. Length is checked elsewhere.
 */
export function passwordWeakness(
  password: string,
  email?: string,
): string | undefined {
  const text = password.normalize("NFKC").toLowerCase();
  if (isRepeated(text) || pieces(text, NONE) <= PIECES_MAX)
    return "This is one of the passwords that others try first. Use a few unrelated words.";
  return pieces(text, ownWords(email)) <= PIECES_MAX
    ? "The e-mail address is what others try first. Use a few unrelated words."
    : undefined;
}

const NONE: ReadonlySet<string> = new Set();

function ownWords(email: string | undefined): Set<string> {
  const whole = email?.toLowerCase() ?? "";
  const parts = whole.split(/[@.+_-]/).filter((part) => part.length > 2);
  const [local = ""] = whole.split("@");
  return new Set([whole, local, ...parts].filter((part) => part.length > 2));
}

/** The fewest pieces that make up the text: a known word, a row of keys, a year or a run is one; so is any other character. */
function pieces(text: string, own: ReadonlySet<string>): number {
  const fewest = [0];
  for (let end = 1; end <= text.length; end += 1) {
    let best = (fewest[end - 1] ?? 0) + 1;
    for (
      let start = Math.max(0, end - WORD_CHARS_MAX);
      start <= end - 3;
      start += 1
    ) {
      const before = fewest[start] ?? 0;
      if (before + 1 < best && isPiece(text.slice(start, end), own))
        best = before + 1;
    }
    fewest.push(best);
  }
  return fewest.at(-1) ?? 0;
}

function isPiece(part: string, own: ReadonlySet<string>): boolean {
  return (
    own.has(part) ||
    WORDS_SET.has(part) ||
    WORDS_SET.has(plain(part)) ||
    /^(19|20)\d\d$/.test(part) ||
    /^(.)\1+$/u.test(part) ||
    ROWS.some((row) => row.includes(part))
  );
}

/** With the letters that digits and signs stand for. */
function plain(part: string): string {
  return [...part].map((sign) => LETTERS_OF_SIGNS.get(sign) ?? sign).join("");
}

/** `xk2xk2xk2xk2`: a unit of at most five characters again and again. */
function isRepeated(text: string): boolean {
  return /^(.{1,5}?)\1+.{0,2}$/su.test(text);
}
