"use client";

import { ChevronDown, Search } from "lucide-react";

import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  MenuItem,
  MenuLabel,
  MenuSeparator,
} from "@/components/ui/dropdown-menu";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { EmptyCell } from "@/lib/domain/mapping";
import {
  COLUMN_FILTER_NAMES,
  COLUMN_TOOLBAR_WORDS as WORDS,
  EMPTY_CELL_NAMES,
} from "@/lib/wording/import-columns";

export type ColumnFilter = (typeof COLUMN_FILTER_NAMES)[number][0];

type ColumnToolbarProps = {
  search: string;
  onSearch: (search: string) => void;
  filter: ColumnFilter;
  onFilter: (filter: ColumnFilter) => void;
  counts: Record<ColumnFilter, number>;
  onIgnore: (which: "new" | "problem" | "all") => void;
  onAllAsProperties: () => void;
  onEmptyCells: (emptyCell: EmptyCell) => void;
  onSuggestions: () => void;
};

export function ColumnToolbar(props: ColumnToolbarProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="relative min-w-40 flex-1 sm:max-w-64">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted"
        />
        <Input
          type="search"
          aria-label={WORDS.find}
          placeholder={WORDS.find}
          className="pl-8"
          value={props.search}
          onChange={(event) => props.onSearch(event.target.value)}
        />
      </span>
      <Select
        aria-label={WORDS.show}
        className="w-48"
        value={props.filter}
        onChange={(event) => props.onFilter(event.target.value as ColumnFilter)}
      >
        {COLUMN_FILTER_NAMES.map(([value, name]) => (
          <option key={value} value={value}>
            {WORDS.filterWithCount(name, props.counts[value])}
          </option>
        ))}
      </Select>
      <DropdownMenu
        trigger={
          <Button className="ml-auto">
            {WORDS.changeMany}
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={props.onAllAsProperties}>
          {WORDS.allAsProperties}
        </MenuItem>
        <MenuItem
          isDisabled={props.counts.new === 0}
          onSelect={() => props.onIgnore("new")}
        >
          {WORDS.ignoreNew}
        </MenuItem>
        <MenuItem
          isDisabled={props.counts.problem === 0}
          onSelect={() => props.onIgnore("problem")}
        >
          {WORDS.ignoreProblems}
        </MenuItem>
        <MenuItem onSelect={() => props.onIgnore("all")}>
          {WORDS.ignoreAll}
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>{WORDS.emptyCells}</MenuLabel>
        {EMPTY_CELL_NAMES.map(([value, name]) => (
          <MenuItem key={value} onSelect={() => props.onEmptyCells(value)}>
            {name}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={props.onSuggestions}>{WORDS.suggestions}</MenuItem>
      </DropdownMenu>
    </div>
  );
}
