"use client";

import { useMemo, useState } from "react";

import type { OpenedFile } from "@/lib/client/import-session";
import {
  columnProblems,
  targetOf,
  type ColumnProblem,
} from "@/lib/domain/column-problems";
import type { ColumnMapping, ColumnUse } from "@/lib/domain/mapping";

import type { ColumnFilter } from "./column-toolbar";

const COLUMNS_PER_PAGE = 100;

export type ColumnView = {
  search: string;
  filter: ColumnFilter;
  counts: Record<ColumnFilter, number>;
  problems: ReadonlyMap<number, ColumnProblem>;
  /** Positions of the columns on this page. */
  shown: readonly number[];
  page: number;
  pages: number;
  total: number;
  isNew: (use: ColumnUse) => boolean;
  onSearch: (search: string) => void;
  onFilter: (filter: ColumnFilter) => void;
  onPage: (page: number) => void;
};

/**
 * Which columns are on screen. What is shown is settled when the search or the
 * filter changes and not with each edit: a row must not vanish while somebody
 * types in it.
 */
export function useColumnView(
  { preview: { headers }, mapping }: OpenedFile,
  known: ReadonlySet<string>,
): ColumnView {
  const [wanted, setWanted] = useState({
    search: "",
    filter: "all" as ColumnFilter,
    columns: undefined as number[] | undefined,
  });
  const [page, setPage] = useState(0);
  const problems = useMemo(
    () => columnProblems(mapping, headers),
    [mapping, headers],
  );
  const isNew = (use: ColumnUse) => {
    const target = targetOf(use);
    return known.size > 0 && target !== undefined && !known.has(target.id);
  };
  const belongs = (filter: ColumnFilter, use: ColumnUse, column: number) =>
    filter === "all" ||
    (filter === "problem" && problems.has(column)) ||
    (filter === "new" && isNew(use)) ||
    (filter === "used" && use.as !== "ignore") ||
    (filter === "ignored" && use.as === "ignore");
  const countOf = (filter: ColumnFilter) =>
    mapping.columns.filter((use, column) => belongs(filter, use, column))
      .length;

  function show(search: string, filter: ColumnFilter) {
    const text = search.trim().toLowerCase();
    const columns =
      text === "" && filter === "all"
        ? undefined
        : positions(
            mapping,
            (use, column) =>
              belongs(filter, use, column) &&
              `${headers[column] ?? ""} ${targetOf(use)?.id ?? ""}`
                .toLowerCase()
                .includes(text),
          );
    setWanted({ search, filter, columns });
    setPage(0);
  }

  const columns =
    wanted.columns?.filter((column) => column < headers.length) ??
    positions(mapping, () => true);
  const pages = Math.max(1, Math.ceil(columns.length / COLUMNS_PER_PAGE));
  const shownPage = Math.min(page, pages - 1);
  return {
    search: wanted.search,
    filter: wanted.filter,
    counts: {
      all: headers.length,
      problem: problems.size,
      new: countOf("new"),
      used: countOf("used"),
      ignored: countOf("ignored"),
    },
    problems,
    shown: columns.slice(
      shownPage * COLUMNS_PER_PAGE,
      (shownPage + 1) * COLUMNS_PER_PAGE,
    ),
    page: shownPage,
    pages,
    total: columns.length,
    isNew,
    onSearch: (search) => show(search, wanted.filter),
    onFilter: (filter) => show(wanted.search, filter),
    onPage: setPage,
  };
}

function positions(
  mapping: ColumnMapping,
  isWanted: (use: ColumnUse, column: number) => boolean,
): number[] {
  return mapping.columns.flatMap((use, column) =>
    isWanted(use, column) ? [column] : [],
  );
}
