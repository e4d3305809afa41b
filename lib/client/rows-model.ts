import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { RowView, ShownRow } from "@/lib/importer/row-messages";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

import { CalledOff, type RowsClient } from "./rows-client";

const PAGE_ROWS = 50;
const PAGES_KEPT = 40;
const ASKED_AT_ONCE = 2;

export type RowsState = {
  /** The file is being indexed, can be looked at, or cannot. */
  at: "opening" | "ready" | "failed";
  /** Why it failed, or why the last look did. */
  message: string | null;
  view: RowView;
  /** A view that is being looked for. */
  wanted: RowView | null;
  /** How far the indexing or the look is, from 0 to 1. */
  share: number;
  /** Rows of the view. */
  rows: number;
  /** Rows of the file. */
  total: number;
  /** Another number when rows have come. */
  version: number;
  /** Another number when the steps are others: then what was counted is no longer true. */
  edition: number;
};

const START: RowsState = {
  ...{ at: "opening", message: null, view: { is: "all" }, wanted: null },
  ...{ share: 0, rows: 0, total: 0, version: 0, edition: 0 },
};

type Page = { revision: number; rows: readonly ShownRow[] };

/**
 * The rows on screen, asked for page by page. Pages of before a change stay
 * visible until the changed ones have come, so that nothing flickers.
 */
export class RowsModel {
  private readonly listeners = new Set<() => void>();
  private readonly pages = new Map<number, Page>();
  private readonly asked = new Map<number, number>();
  private current: RowsState = START;
  private revision = 0;
  private needed = { from: 0, count: 0 };
  private opening = new AbortController();
  private looking = new AbortController();

  constructor(private readonly client: RowsClient) {}

  /** Asks the worker beside what is on screen. */
  get ask(): RowsClient["ask"] {
    return this.client.ask;
  }

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.listeners.add(onChange);
    return () => this.listeners.delete(onChange);
  };

  readonly state = (): RowsState => this.current;

  readonly open = async (
    options: TableOptions,
    mapping: ColumnMapping,
    view: RowView,
  ): Promise<void> => {
    this.close();
    this.opening = new AbortController();
    const { signal } = this.opening;
    this.set(START);
    try {
      const { rows } = await this.client.ask(
        "open",
        { options, mapping },
        { signal, onProgress: (share) => this.set({ share }) },
      );
      this.renew();
      this.set({ at: "ready", rows, total: rows, share: 0 });
    } catch (error) {
      if (error instanceof CalledOff) return;
      this.set({ at: "failed", message: sentenceOf(error) });
      return;
    }
    if (view.is !== "all") await this.show(view);
  };

  /** The steps are others now. What is looked at stays. */
  readonly change = async (mapping: ColumnMapping): Promise<void> => {
    if (this.current.at !== "ready") return;
    try {
      await this.client.ask("change", { mapping });
      this.renew();
      this.set({ edition: this.current.edition + 1 });
    } catch (error) {
      if (!(error instanceof CalledOff)) {
        this.set({ message: sentenceOf(error) });
      }
    }
  };

  readonly show = async (view: RowView): Promise<void> => {
    this.looking.abort();
    this.looking = new AbortController();
    const { signal } = this.looking;
    this.set({ wanted: view, share: 0, message: null });
    try {
      const { rows } = await this.client.ask(
        "view",
        { view },
        { signal, onProgress: (share) => this.set({ share }) },
      );
      this.pages.clear();
      this.renew();
      this.set({ view, rows, wanted: null });
    } catch (error) {
      if (error instanceof CalledOff) return;
      this.set({ wanted: null, message: sentenceOf(error) });
    }
  };

  readonly stop = (): void => {
    this.looking.abort();
    this.set({ wanted: null });
  };

  /** The row at a position of the view, when it is here. */
  readonly row = (position: number): ShownRow | undefined => {
    const page = this.pages.get(Math.floor(position / PAGE_ROWS));
    return page?.rows[position % PAGE_ROWS];
  };

  /** Positions that are or will soon be on screen. */
  readonly need = (from: number, count: number): void => {
    this.needed = { from, count };
    this.askForPages();
  };

  readonly close = (): void => {
    this.opening.abort();
    this.looking.abort();
    this.pages.clear();
  };

  private askForPages(): void {
    if (this.current.at !== "ready") return;
    const { first, last } = this.neededPages();
    for (let page = first; page <= last; page++) {
      if (this.asked.size >= ASKED_AT_ONCE) return;
      const isHere = this.pages.get(page)?.revision === this.revision;
      const isAsked = this.asked.get(page) === this.revision;
      const isPast = page * PAGE_ROWS >= this.current.rows;
      if (!isHere && !isAsked && !isPast) void this.load(page);
    }
  }

  private neededPages(): { first: number; last: number } {
    const { from, count } = this.needed;
    return {
      first: Math.floor(from / PAGE_ROWS),
      last: Math.floor((from + count) / PAGE_ROWS),
    };
  }

  private async load(page: number): Promise<void> {
    const { revision } = this;
    this.asked.set(page, revision);
    try {
      const from = page * PAGE_ROWS;
      const rows = await this.client.ask("rows", { from, count: PAGE_ROWS });
      if (revision === this.revision) this.keep(page, { revision, rows });
    } catch (error) {
      if (error instanceof CalledOff) return;
      this.set({ message: sentenceOf(error) });
      // Asked again only when the rows are others: not in a circle.
      this.keep(page, { revision, rows: [] });
    } finally {
      if (this.asked.get(page) === revision) this.asked.delete(page);
      this.askForPages();
    }
  }

  /** What has left the screen before it came is let go, and nothing drawn for it. */
  private keep(page: number, content: Page): void {
    const { first, last } = this.neededPages();
    if (page < first || page > last) return;
    this.pages.delete(page);
    this.pages.set(page, content);
    const [oldest] = this.pages.keys();
    if (this.pages.size > PAGES_KEPT && oldest !== undefined) {
      this.pages.delete(oldest);
    }
    this.set({ version: this.current.version + 1 });
  }

  private renew(): void {
    this.revision += 1;
    this.asked.clear();
    this.askForPages();
  }

  private set(change: Partial<RowsState>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener();
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : IMPORT_FAILURES.rowsUnread;
}
