import { FILE_NAME_WORDS } from "@/lib/wording/import-failures";

/** What was dropped together: one file, or several that become one table. */
export type InputFile = {
  /** Of one file its name, of several `a.csv and 2 more files`. */
  name: string;
  /** Bytes of all. */
  size: number;
  /** Of the youngest, in milliseconds. */
  lastModified: number;
  files: File[];
};

export function inputOf(files: readonly File[]): InputFile {
  const sorted = [...files].sort((a, b) =>
    a.name.localeCompare(b.name, "en", { numeric: true }),
  );
  const more = sorted.length - 1;
  const first = sorted[0]?.name ?? "";
  return {
    name: more < 1 ? first : FILE_NAME_WORDS.several(first.slice(0, 200), more),
    size: sorted.reduce((sum, { size }) => sum + size, 0),
    lastModified: Math.max(0, ...sorted.map((file) => file.lastModified)),
    files: sorted,
  };
}

/** A file of cells that were pasted; the same cells make the same file. */
export function pastedFile(text: string): File {
  return new File([text], `${FILE_NAME_WORDS.pasted}.tsv`, {
    type: "text/tab-separated-values",
  });
}
