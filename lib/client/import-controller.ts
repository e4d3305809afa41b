import type { ImportRun, TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { withoutPartNames } from "@/lib/domain/mapping-edit";
import { withoutRecipe, type StoredRecipe } from "@/lib/domain/recipe";
import type { SourceProperty } from "@/lib/domain/source";
import { keysToLookUp } from "@/lib/domain/suggest-key";
import type { RunReport } from "@/lib/domain/run-receipt";
import { isNearPropertyLimit } from "@/lib/domain/property-limit";
import { suggestMapping } from "@/lib/domain/suggest-mapping";
import type {
  TablePreview,
  WorkerEvent,
  WorkerRequest,
} from "@/lib/importer/messages";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

import { ForecastTracker } from "./forecast-tracker";
import { readDraft, writeDraft } from "./import-draft";
import {
  changeSession,
  IDLE,
  type ImportSession,
  type SessionChange,
} from "./import-session";
import {
  findContinuedRun,
  withNotedEdits,
  type ContinuedRun,
} from "./continued-run";
import { inputOf, type InputFile } from "./input-file";
import { EDITS_LEFT_OUT, mappingKept } from "./kept-mapping";
import { otherFile } from "./other-file";
import { mappingOf, readingFor, type OfferedRecipe } from "./recipe-offer";
import type { RunActions } from "./run-actions";
import { RowsClient } from "./rows-client";
import { RunSender } from "./run-sender";

/** The worker as the controller sees it. */
export type WorkerHandle = {
  post: (request: WorkerRequest) => void;
  terminate: () => void;
};

export type ControllerParts = {
  sourceId: string;
  /** What the source has seen, for suggestions. */
  properties: readonly SourceProperty[];
  actions: RunActions;
  tabId: () => string;
  startWorker: (onEvent: (event: WorkerEvent) => void) => WorkerHandle;
  findRun: (runId: string) => Promise<ImportRun>;
  /** Those of the keys that are entries already; for a source that has some. */
  findKnownKeys?:
    ((keys: readonly string[]) => Promise<ReadonlySet<string>>) | undefined;
  /** The source's recipe that fits a file best. */
  findRecipe?: (preview: TablePreview) => Promise<OfferedRecipe | undefined>;
  /** Resolves after that many milliseconds. */
  wait: (ms: number) => Promise<void>;
  nowMs: () => number;
  /** A stored run to go on with: its mapping and options hold, and the file must be the same. */
  resumed?: ImportRun | undefined;
};

type Download = {
  resolve: (csv: Blob) => void;
  reject: (error: Error) => void;
};

const NONE: ReadonlySet<string> = new Set();

/**
 * Leads one file from the drop to the end of its run: talks to the worker and
 * to the server and keeps the session. Knows no component, so that it can be
 * tested with a worker and a server of the test's own.
 */
export class ImportController {
  /** What the checked file would change. */
  readonly forecast = new ForecastTracker((request) => this.post(request));
  private readonly listeners = new Set<() => void>();
  private readonly sender: RunSender;
  private current: ImportSession = IDLE;
  private worker: WorkerHandle | undefined;
  private download: Download | undefined;
  /** The open file was read a second time, as its recipe says. */
  private isReadForRecipe = false;
  /** Asks about the rows of the open file. */
  readonly rows = new RowsClient((request) => this.post(request));

  constructor(private readonly parts: ControllerParts) {
    this.sender = new RunSender({
      ...parts,
      change: (step) => this.change(step),
      post: (request) => this.post(request),
      session: this.session,
    });
  }

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.listeners.add(onChange);
    return () => this.listeners.delete(onChange);
  };

  readonly session = (): ImportSession => this.current;

  /** Takes what was dropped together; several files become one table. */
  readonly open = (...files: File[]): void => {
    const { resumed } = this.parts;
    this.isReadForRecipe = false;
    const file = inputOf(files);
    if (resumed && file.size !== resumed.file.bytes) {
      this.change({ type: "dropped", file });
      this.change({ type: "failed", message: otherFile(resumed, file) });
      return;
    }
    this.read(file, resumed?.tableOptions ?? {});
  };

  /** Reads the open file again in another way. */
  readonly reread = (options: Partial<TableOptions>): void => {
    if (!("opened" in this.current)) return;
    const { file, preview } = this.current.opened;
    this.read(file, { ...preview.options, ...options });
  };

  readonly changeMapping = (
    edit: (mapping: ColumnMapping) => ColumnMapping,
  ): void => {
    if (this.current.at !== "mapping" && this.current.at !== "checked") return;
    const { mapping, preview, file } = this.current.opened;
    const edited = edit(mapping);
    this.forecast.forget();
    this.change({ type: "mapped", mapping: edited });
    writeDraft(this.parts.sourceId, preview, edited, file);
  };

  /** Maps the file by the recipe that was offered for it. */
  readonly followRecipe = (): void => {
    if (!("opened" in this.current)) return;
    const { opened } = this.current;
    const { recipe } = opened;
    if (recipe) this.changeMapping(() => mappingOf(recipe.stored, opened));
  };

  /** The mapping was saved as this recipe, which it follows from now on. */
  readonly keepRecipe = (stored: StoredRecipe): void => {
    this.change({ type: "recipeKept", stored });
    if (!("opened" in this.current)) return;
    const { mapping, preview, file } = this.current.opened;
    writeDraft(this.parts.sourceId, preview, mapping, file);
    if (this.current.at !== "ended" || !isFinished(this.current.run)) return;
    const { id: runId } = this.current.run;
    const { options } = preview;
    this.post({ type: "rememberFile", runId, options, mapping });
  };

  readonly check = (): void => {
    if (this.current.at !== "mapping" && this.current.at !== "checked") return;
    const { preview, mapping } = this.current.opened;
    this.forecast.forget();
    this.change({ type: "checkStarted", nowMs: this.parts.nowMs() });
    this.post({ type: "check", options: preview.options, mapping });
  };

  readonly stopCheck = (): void => this.post({ type: "stop" });
  readonly send = (): Promise<void> => this.sender.start();
  readonly pause = (): void => this.sender.pause();
  /** Goes on sending; forced, it takes the run from another tab. */
  readonly goOn = (isForced: boolean): Promise<void> =>
    this.sender.goOn(isForced);
  /** A sentence when it could not be cancelled. */
  readonly cancel = (): Promise<string | undefined> => this.sender.cancel();

  /** A report over the rows of the open file, as a CSV; names the run when there is one. */
  readonly report = (report: RunReport): Promise<Blob> => {
    if (!("opened" in this.current) || !this.worker) {
      return Promise.reject(new Error(IMPORT_FAILURES.noFile));
    }
    const { preview, mapping } = this.current.opened;
    const runId = this.current.at === "ended" ? this.current.run.id : null;
    const { options } = preview;
    this.post({ type: "report", report, options, mapping, runId });
    return new Promise((resolve, reject) => {
      this.download = { resolve, reject };
    });
  };

  readonly restart = (): void => {
    this.endWorker();
    this.change({ type: "restarted" });
  };

  /** Ends the worker and lets a run go. The controller can be used again. */
  readonly dispose = (): void => {
    this.sender.letGo();
    this.endWorker();
    if (this.current.at !== "idle") this.change({ type: "restarted" });
  };

  private change(step: SessionChange): void {
    this.current = changeSession(this.current, step);
    for (const listener of this.listeners) listener();
  }

  private post(request: WorkerRequest): void {
    this.worker?.post(request);
  }

  /** A worker for each reading: a late answer of an earlier one then cannot be mistaken. */
  private read(file: InputFile, options: Partial<TableOptions>): void {
    this.endWorker();
    this.change({ type: "dropped", file });
    const own = this.parts.startWorker((event) => {
      if (own === this.worker) this.onEvent(event);
    });
    this.worker = own;
    this.post({ type: "open", files: file.files, options });
  }

  private endWorker(): void {
    this.worker?.terminate();
    this.forecast.forget();
    this.worker = undefined;
    this.rows.end();
    this.download?.reject(new Error(IMPORT_FAILURES.otherOpened));
    this.download = undefined;
  }

  private onEvent(event: WorkerEvent): void {
    if (this.forecast.onEvent(event)) return;
    switch (event.type) {
      case "rowsAnswered":
      case "rowsProgressed":
      case "rowsFailed":
        return this.rows.onEvent(event);
      case "opened":
        return this.onOpened(event.preview);
      case "progress":
        if (event.progress.batchesSent > 0) this.sender.onBatch();
        return this.change({
          type: "progressed",
          progress: event.progress,
          nowMs: this.parts.nowMs(),
        });
      case "checked":
        return this.onChecked(event);
      case "sent":
        return void this.sender.finish();
      case "reportReady":
        this.download?.resolve(event.csv);
        this.download = undefined;
        return;
      case "stopped":
        return this.change({ type: "checkStopped" });
      case "failed":
        return this.onFailed(event);
    }
  }

  private onOpened(preview: TablePreview): void {
    const { findKnownKeys, findRecipe, resumed } = this.parts;
    const keys =
      findKnownKeys && !resumed
        ? keysToLookUp(preview.headers, rowsBelowHeader(preview))
        : [];
    const asksKeys = findKnownKeys !== undefined && keys.length > 0;
    const asksRecipe = findRecipe !== undefined && !resumed;
    const asksRun = preview.rejectedBy !== undefined && !resumed;
    if (!asksKeys && !asksRecipe && !asksRun) {
      return this.showOpened(preview, NONE);
    }
    const { worker } = this;
    void Promise.all([
      // Without an answer the names of the columns suggest the key.
      asksKeys ? findKnownKeys(keys).catch(() => NONE) : NONE,
      asksRecipe ? findRecipe(preview).catch(() => undefined) : undefined,
      asksRun
        ? findContinuedRun(preview, this.parts.sourceId, this.parts.findRun)
        : undefined,
    ]).then(([known, recipe, continued]) => {
      if (worker !== this.worker) return;
      // What the run did holds, also against a recipe that fits.
      const offered = continued?.mapping ? undefined : recipe;
      this.showOpened(preview, known, offered, continued);
    });
  }

  private showOpened(
    preview: TablePreview,
    keys: ReadonlySet<string>,
    recipe?: OfferedRecipe,
    continued?: ContinuedRun,
  ): void {
    const { headers } = preview;
    const { resumed } = this.parts;
    const suggested = this.suggest(preview, keys);
    if (resumed) {
      const { mapping } = resumed;
      const isRestored = false;
      this.change({ type: "opened", preview, suggested, mapping, isRestored });
      return this.check();
    }
    if (this.current.at !== "reading") return;
    const { previous: before, file } = this.current;
    const reading =
      recipe && before === null ? readingFor(recipe, preview) : undefined;
    if (reading && !this.isReadForRecipe) {
      this.isReadForRecipe = true;
      return this.read(file, reading);
    }
    const isSame =
      before !== null &&
      JSON.stringify(before.preview.headers) === JSON.stringify(headers);
    const draft =
      isSame || continued?.mapping
        ? undefined
        : this.draftOf(preview, file, recipe);
    const followed =
      recipe?.fit.isExact && !draft
        ? withNotedEdits(
            mappingOf(recipe.stored, { preview, suggested }),
            preview,
          )
        : undefined;
    const kept = isSame ? mappingKept(before, preview) : undefined;
    this.change({
      type: "opened",
      preview: (kept ?? continued)?.isWithoutEdits
        ? { ...preview, notices: [...preview.notices, EDITS_LEFT_OUT] }
        : preview,
      suggested,
      mapping: kept
        ? kept.mapping
        : (continued?.mapping ?? draft ?? followed ?? suggested),
      isRestored: draft !== undefined,
      recipe,
      continued,
    });
  }

  /** A draft follows its recipe only while that is the one that fits. */
  private draftOf(
    preview: TablePreview,
    file: InputFile,
    recipe: OfferedRecipe | undefined,
  ): ColumnMapping | undefined {
    const draft = readDraft(this.parts.sourceId, preview, file);
    if (!draft?.recipe) return draft;
    const plain = withoutRecipe(draft);
    const { id } = draft.recipe;
    return recipe?.stored.id === id ? { ...plain, recipe: { id } } : plain;
  }

  private suggest(preview: TablePreview, existingKeys: ReadonlySet<string>) {
    const { headers, options } = preview;
    const suggested = suggestMapping(
      headers,
      rowsBelowHeader(preview),
      this.parts.properties.map(({ id, languages }) => ({
        id,
        languages: languages.map(({ language }) => language),
      })),
      existingKeys,
    );
    return withoutPartNames(suggested, headers, options.parts);
  }

  private onChecked(event: Extract<WorkerEvent, { type: "checked" }>): void {
    const { type, options, headers, ...checked } = event;
    const isNearLimit = isNearPropertyLimit(
      this.parts.properties,
      checked.insights.coverage,
    );
    if (isNearLimit) checked.report = { ...checked.report, needsOrder: true };
    this.change({ type, checked, reading: { options, headers } });
    const { resumed } = this.parts;
    if (resumed) return void this.sender.takeUp(resumed);
    if (this.current.at !== "checked") return;
    this.forecast.checked({
      ...{ sourceId: this.parts.sourceId, options, report: checked.report },
      ...{ isNearLimit },
      mapping: this.current.opened.mapping,
    });
  }

  private onFailed(event: Extract<WorkerEvent, { type: "failed" }>): void {
    const { message, canRetry } = event;
    if (this.download) {
      this.download.reject(new Error(message));
      this.download = undefined;
    } else if (this.current.at === "sending") {
      void this.sender.recover(message, canRetry);
    } else this.change({ type: "failed", message });
  }
}

const isFinished = ({ status }: ImportRun) => status === "finished";

function rowsBelowHeader({ firstRows, options }: TablePreview): string[][] {
  return firstRows
    .filter(({ rowNumber }) => rowNumber > options.headerRow)
    .map(({ cells }) => cells);
}
