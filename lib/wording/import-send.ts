import { formatCount, formatNumber } from "@/lib/client/format-number";
import { formatDuration } from "@/lib/client/format-time";
import type { Hold } from "@/lib/client/import-session";

/** Words of the step that sends, and of what can stop it. */
export const SEND_WORDS = {
  headlines: {
    none: "Importing",
    paused: "Paused:",
    waiting: "Waiting for the server:",
    refused: "Stopped:",
  } satisfies Record<Hold["is"], string>,
  sentShare: "Share of the entries that is sent",
  progress: (done: number, total: number) =>
    `${formatNumber(done)} of ${formatCount(total, "entry", "entries")}`,
  rate: (perSecond: number, secondsLeft: number) =>
    `${formatNumber(Math.round(perSecond))} a second, about ${formatDuration(secondsLeft)} left`,
  goOn: "Go on",
  pause: "Pause",
  keepOpen:
    "Keep this tab open. If it closes, nothing is lost: drop the same file again to go on where it stopped.",
  leaving:
    "The import is still sending. If you leave, it stops; you can go on later by dropping the same file again. Leave?",

  waiting: "Waiting for the server",
  waitingText: (reason: string) =>
    `${reason} It is tried again by itself; what was sent is safe.`,
  unreachable: "The server cannot be reached just now.",
  tryNow: "Try now",
  stopped: "The import stopped",
  signIn: "Sign in (new tab)",
  toSources: "Go to the sources",
  takeOver: "Take it over",
  tryAgain: "Try again",
  pausedSpoken: "The import is paused.",
  sentSpoken: (percent: number) => `${percent} % of the entries are sent.`,
} as const;

/** Why sending ended, or did not begin. */
export const SEND_REFUSALS = {
  signedOut:
    "You are not signed in any more. Sign in in another tab, then come back and try again: what was sent is kept, and sending goes on where it stopped.",
  signedOutBefore:
    "You are not signed in any more. Sign in in another tab, then import here again: the file and its mapping stay open.",
  runGone:
    "This import and its source were deleted, so nothing more can be sent. To keep the data, create a source and import the file into it.",
  notStarted: (reason: string) =>
    `${reason} Nothing was sent; the file stays open. Import again in a moment.`,
} as const;

/** The question before an import is cancelled. */
export const CANCEL_IMPORT_WORDS = {
  cancel: "Cancel the import",
  title: "Cancel this import?",
  text: "What was sent stays in the source. The rest is not sent, and this run cannot be taken up again.",
} as const;

/** Where to go from an import that has ended. */
export const IMPORT_ENDED_WORDS = {
  another: "Import another file",
  details: "Details of this run",
} as const;
