import { cellLinks } from "./link-cell";
import { filenameFromLink } from "./media-name";
import {
  SKIP,
  type BatchCell,
  type BatchColumn,
  type BatchRow,
  type TableBatch,
} from "./table-batch";

/** A link that a batch names, once. */
export type BatchLink = { link: string; filename: string };

/** What a link becomes: the media file that is, or will be, fetched from it. */
export type LinkedFile = { id: string; url: string };

/**
 * A batch whose columns of links are plain columns: the addresses of the files,
 * and behind all other columns their ids, where the mapping keeps them. Several
 * files of a cell are joined with its separator. Empty cells stay what they are.
 *
 * Also the links themselves, each once, in the order of the batch. Pure: the
 * same batch gives the same values in the forecast and in the import.
 */
export function resolveMedia(
  batch: TableBatch,
  fileOf: (link: BatchLink) => LinkedFile,
): { batch: TableBatch; links: BatchLink[] } {
  const uses = batch.columns.flatMap(([id, language, media], column) =>
    media ? [{ column, id, language, media }] : [],
  );
  if (uses.length === 0) return { batch, links: [] };

  const links = new Map<string, { link: BatchLink; file: LinkedFile }>();
  const resolve = (link: string): LinkedFile => {
    let known = links.get(link);
    if (!known) {
      const own = { link, filename: filenameFromLink(link) };
      known = { link: own, file: fileOf(own) };
      links.set(link, known);
    }
    return known.file;
  };
  const columns: BatchColumn[] = batch.columns.map(([id, language]) => [
    ...([id, language] as BatchColumn),
  ]);
  const slots = uses.map(({ language, media }) =>
    media.idProperty === null
      ? undefined
      : columns.push([media.idProperty, language]) + 1,
  );
  const rows = batch.rows.map((row) => {
    const plain: BatchRow = [...row];
    for (const [at, { column, media }] of uses.entries()) {
      const place = column + 2;
      const cell = row[place] as BatchCell | undefined;
      const slot = slots[at];
      if (cell === undefined || cell === SKIP) continue;
      const files =
        cell === null
          ? []
          : cellLinks(cell, media).map((each) => resolve(each));
      const joined = (member: keyof LinkedFile) =>
        cell === null || cell === ""
          ? cell
          : files.map((file) => file[member]).join(media.separator);
      plain[place] = joined("url");
      if (slot === undefined) continue;
      while (plain.length < slot) plain.push(SKIP);
      plain[slot] = joined("id");
    }
    return plain;
  });
  return {
    batch: { ...batch, columns, rows },
    links: [...links.values()].map(({ link }) => link),
  };
}
