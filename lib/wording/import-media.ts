import { formatCount, formatNumber } from "@/lib/client/format-number";
import type { LinkSeparator } from "@/lib/domain/mapping";
import type { RunMedia } from "@/lib/domain/run-media";

/** Texts about files that an import fetches from links. */
export const IMPORT_MEDIA = {
  switch: "Fetch these links as media files",
  switchOf: (column: string) => `Fetch the links of ${column} as media files`,
  switchHint:
    "The files become media files, and the property gets their public addresses.",
  separatorOf: (column: string) => `Links in one cell of ${column}`,
  ids: "Keep the ids of the files as",
  idsOf: (column: string) => `Property for the file ids of ${column}`,
  idsPlaceholder: "not kept",
  title: "Media files",
  see: "See the files",
  progress: "Share of the files that is fetched",
  unread: "The state of the media files could not be read.",
};

export const SEPARATOR_NAMES: Record<LinkSeparator, string> = {
  "": "One link a cell",
  "|": "Several, separated by |",
  ";": "Several, separated by ;",
  ",": "Several, separated by ,",
  " ": "Several, separated by a blank",
};

/** "124 links: 100 fetched, 4 failed, 8 there before". */
export function runMediaSentence({ links, known, files }: RunMedia): string {
  const waiting = files.created + files.progress;
  const parts = [
    waiting > 0 && `${formatNumber(waiting)} being fetched`,
    `${formatNumber(files.completed)} fetched`,
    files.failed > 0 && `${formatNumber(files.failed)} failed`,
    files.cancelled > 0 && `${formatNumber(files.cancelled)} cancelled`,
    known > 0 && `${formatNumber(known)} there before`,
  ];
  return `${formatCount(links, "link")}: ${parts.filter(Boolean).join(", ")}`;
}
