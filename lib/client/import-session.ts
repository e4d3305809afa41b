import type { Entity } from "@/lib/domain/entity";
import type { CheckReport, ImportRun } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { StoredRecipe } from "@/lib/domain/recipe";
import { fitRecipe } from "@/lib/domain/recipe-fit";
import type { FileInsights } from "@/lib/importer/file-insights";
import type { ImportProgress, TablePreview } from "@/lib/importer/messages";

import type { ContinuedRun } from "./continued-run";
import type { OfferedRecipe } from "./recipe-offer";
import type { InputFile } from "./input-file";

export type PreviewEntity = { rowNumber: number; entity: Entity };

/** A file that could be read, and how its columns are used. */
export type OpenedFile = {
  file: InputFile;
  preview: TablePreview;
  /** What the headers suggest; marks what nobody has changed. */
  suggested: ColumnMapping;
  mapping: ColumnMapping;
  /** The mapping was made by hand for this file or taken over from an earlier look at it. */
  isRestored: boolean;
  /** The source's recipe that fits best; followed when the mapping says so. */
  recipe?: OfferedRecipe | undefined;
  /** The file holds rejected rows of a run, dropped again. */
  continued?: ContinuedRun | undefined;
};

export type CheckedFile = {
  report: CheckReport;
  fileHash: string;
  entities: PreviewEntity[];
  /** What only the whole file could tell: read in another encoding, stray quotes. Whole sentences. */
  notices: string[];
  insights: FileInsights;
  /** Quotes that do not open or close a cell properly, over the whole file. */
  quoteProblems: number;
};

/** Why a run is not sending although it could. */
export type Hold =
  | { is: "none" }
  | { is: "paused" }
  /** The server is away; tried again by itself. */
  | { is: "waiting"; message: string }
  /** A person has to decide: another tab holds it, or the server refused. */
  | {
      is: "refused";
      message: string;
      /** What may help: asking again, taking it from another tab, signing in in another tab; `none` when the run is gone. */
      remedy: "retry" | "takeOver" | "signIn" | "none";
    };

/** Progress with the times that the rate needs; both in milliseconds of one clock. */
export type TimedProgress = {
  startedAtMs: number;
  nowMs: number;
  progress: ImportProgress | null;
};

export type ImportSession =
  | { at: "idle" }
  | { at: "reading"; file: InputFile; previous: OpenedFile | null }
  | { at: "unreadable"; file: InputFile; message: string }
  | { at: "mapping"; opened: OpenedFile; problem: string | null }
  | { at: "checking"; opened: OpenedFile; timed: TimedProgress }
  | {
      at: "checked";
      opened: OpenedFile;
      checked: CheckedFile;
      isStarting: boolean;
      problem: string | null;
    }
  | {
      at: "sending";
      opened: OpenedFile;
      checked: CheckedFile;
      run: ImportRun;
      timed: TimedProgress;
      hold: Hold;
    }
  | {
      at: "ended";
      opened: OpenedFile;
      checked: CheckedFile;
      run: ImportRun;
    };

export type SessionChange =
  | { type: "dropped"; file: InputFile }
  | {
      type: "opened";
      preview: TablePreview;
      suggested: ColumnMapping;
      mapping: ColumnMapping;
      isRestored: boolean;
      recipe?: OfferedRecipe | undefined;
      continued?: ContinuedRun | undefined;
    }
  | { type: "mapped"; mapping: ColumnMapping }
  | { type: "recipeKept"; stored: StoredRecipe }
  | { type: "checkStarted"; nowMs: number }
  | { type: "progressed"; progress: ImportProgress; nowMs: number }
  | { type: "checkStopped" }
  | {
      type: "checked";
      checked: CheckedFile;
      /** How the whole file was read: its end may have changed the encoding. */
      reading: Pick<TablePreview, "options" | "headers">;
    }
  | { type: "runStarting" }
  | { type: "sendingStarted"; run: ImportRun; nowMs: number }
  | { type: "held"; hold: Hold; nowMs: number }
  | { type: "ended"; run: ImportRun }
  | { type: "failed"; message: string }
  | { type: "restarted" };

export const IDLE: ImportSession = { at: "idle" };

/** The next state. A change that does not fit the state, such as a late message of the worker, changes nothing. */
export function changeSession(
  session: ImportSession,
  change: SessionChange,
): ImportSession {
  switch (change.type) {
    case "restarted":
      return IDLE;
    case "dropped":
      return session.at === "sending"
        ? session
        : {
            at: "reading",
            file: change.file,
            previous: openedOf(session, change.file),
          };
    case "opened": {
      if (session.at !== "reading") return session;
      const { preview, suggested, mapping, isRestored } = change;
      const { recipe, continued } = change;
      const opened = {
        file: session.file,
        preview,
        suggested,
        mapping,
        isRestored,
        recipe,
        continued,
      };
      return { at: "mapping", opened, problem: null };
    }
    case "mapped":
      return session.at === "mapping" || session.at === "checked"
        ? {
            at: "mapping",
            opened: { ...session.opened, mapping: change.mapping },
            problem: null,
          }
        : session;
    case "recipeKept":
      return "opened" in session ? keptRecipe(session, change.stored) : session;
    case "failed":
      return fail(session, change.message);
    default:
      return changeRun(session, change);
  }
}

function changeRun(
  session: ImportSession,
  change: Exclude<
    SessionChange,
    {
      type:
        "restarted" | "dropped" | "opened" | "mapped" | "recipeKept" | "failed";
    }
  >,
): ImportSession {
  switch (change.type) {
    case "checkStarted":
      return session.at === "mapping" || session.at === "checked"
        ? {
            at: "checking",
            opened: session.opened,
            timed: startedAt(change.nowMs),
          }
        : session;
    case "progressed":
      return session.at === "checking" || session.at === "sending"
        ? {
            ...session,
            timed: {
              ...session.timed,
              progress: change.progress,
              nowMs: change.nowMs,
            },
          }
        : session;
    case "checked":
      return session.at === "checking"
        ? {
            at: "checked",
            opened: reread(session.opened, change.reading),
            checked: change.checked,
            isStarting: false,
            problem: null,
          }
        : session;
    case "checkStopped":
      return session.at === "checking"
        ? { at: "mapping", opened: session.opened, problem: null }
        : session;
    case "runStarting":
      return session.at === "checked"
        ? { ...session, isStarting: true, problem: null }
        : session;
    case "sendingStarted":
      return session.at === "checked" || session.at === "sending"
        ? {
            at: "sending",
            opened: session.opened,
            checked: session.checked,
            run: change.run,
            timed: startedAt(change.nowMs),
            hold: { is: "none" },
          }
        : session;
    case "held":
      return session.at === "sending"
        ? {
            ...session,
            hold: change.hold,
            timed: heldTime(session, change),
          }
        : session;
    case "ended":
      return session.at === "sending" || session.at === "checked"
        ? {
            at: "ended",
            opened: session.opened,
            checked: session.checked,
            run: change.run,
          }
        : session;
  }
}

/**
 * What was kept is what the file is mapped by now. What another recipe knows of
 * its last file is nothing that this one could leave entities out by: then the
 * check counted too few, and has to be made again.
 */
function keptRecipe(
  session: Extract<ImportSession, { opened: OpenedFile }>,
  stored: StoredRecipe,
): ImportSession {
  const { opened } = session;
  const before = opened.mapping.recipe;
  const recipe = before?.id === stored.id ? before : { id: stored.id };
  const fit = fitRecipe(stored, opened.preview.headers);
  const mapping = { ...opened.mapping, recipe };
  const followed = { ...opened, mapping, recipe: { stored, fit } };
  const isOtherPass =
    before?.onlyChangedSince !== undefined && before !== recipe;
  return isOtherPass && session.at === "checked"
    ? { at: "mapping", opened: followed, problem: null }
    : { ...session, opened: followed };
}

function reread(
  opened: OpenedFile,
  reading: Pick<TablePreview, "options" | "headers">,
): OpenedFile {
  return { ...opened, preview: { ...opened.preview, ...reading } };
}

/** The time of a hold does not count: the clock starts later by as much. */
function heldTime(
  { hold, timed }: { hold: Hold; timed: TimedProgress },
  next: { hold: Hold; nowMs: number },
): TimedProgress {
  const { nowMs } = next;
  if (hold.is === "none") return { ...timed, nowMs };
  if (next.hold.is !== "none") return timed;
  return {
    ...timed,
    nowMs,
    startedAtMs: timed.startedAtMs + nowMs - timed.nowMs,
  };
}

function fail(session: ImportSession, message: string): ImportSession {
  switch (session.at) {
    case "reading":
      return { at: "unreadable", file: session.file, message };
    case "checking":
      return { at: "mapping", opened: session.opened, problem: message };
    case "checked":
      return { ...session, isStarting: false, problem: message };
    case "sending":
      return {
        ...session,
        hold: {
          is: "refused",
          message,
          remedy: "retry",
        },
      };
    default:
      return session;
  }
}

function openedOf(session: ImportSession, file: InputFile): OpenedFile | null {
  return "opened" in session && session.opened.file === file
    ? session.opened
    : null;
}

function startedAt(nowMs: number): TimedProgress {
  return { startedAtMs: nowMs, nowMs, progress: null };
}

/** `rows` may be passed over: the page to look at all rows and to mend them. */
export const IMPORT_STEPS = [
  "file",
  "columns",
  "rows",
  "check",
  "send",
] as const;
export type ImportStep = (typeof IMPORT_STEPS)[number];

/** The steps a person may open now. Until a file is read there is only the first; a run that is under way cannot be remapped. */
export function openSteps(session: ImportSession): ReadonlySet<ImportStep> {
  switch (session.at) {
    case "idle":
    case "unreadable":
      return new Set(["file"]);
    case "reading":
      return new Set(["file"]);
    case "mapping":
      return new Set(["file", "rows", "columns"]);
    case "checking":
      return new Set(["file", "columns", "check"]);
    case "checked":
      return new Set(["file", "columns", "rows", "check"]);
    case "sending":
    case "ended":
      return new Set(["send"]);
  }
}

/** The step to show: the wanted one (none is the first) when it is open, otherwise the furthest that is. */
export function shownStep(
  session: ImportSession,
  wanted: string | null,
): ImportStep {
  const open = openSteps(session);
  const step = IMPORT_STEPS.find((known) => known === (wanted ?? "file"));
  if (step && open.has(step)) return step;
  return [...open].at(-1) ?? "file";
}
