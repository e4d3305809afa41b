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

import { EMPTY_CELL_NAMES } from "./empty-cell-names";

export const COLUMN_FILTERS = [
  ["all", "All columns"],
  ["problem", "With a problem"],
  ["new", "New properties"],
  ["used", "Used"],
  ["ignored", "Ignored"],
] as const;
export type ColumnFilter = (typeof COLUMN_FILTERS)[number][0];

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
          aria-label="Find a column"
          placeholder="Find a column"
          className="pl-8"
          value={props.search}
          onChange={(event) => props.onSearch(event.target.value)}
        />
      </span>
      <Select
        aria-label="Show columns"
        className="w-48"
        value={props.filter}
        onChange={(event) => props.onFilter(event.target.value as ColumnFilter)}
      >
        {COLUMN_FILTERS.map(([value, name]) => (
          <option key={value} value={value}>
            {`${name} (${props.counts[value]})`}
          </option>
        ))}
      </Select>
      <DropdownMenu
        trigger={
          <Button className="ml-auto">
            Change many
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={props.onAllAsProperties}>
          All ignored columns as properties
        </MenuItem>
        <MenuItem
          isDisabled={props.counts.new === 0}
          onSelect={() => props.onIgnore("new")}
        >
          Ignore columns new to the source
        </MenuItem>
        <MenuItem
          isDisabled={props.counts.problem === 0}
          onSelect={() => props.onIgnore("problem")}
        >
          Ignore columns with a problem
        </MenuItem>
        <MenuItem onSelect={() => props.onIgnore("all")}>
          Ignore all properties
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>An empty cell, in all columns,</MenuLabel>
        {EMPTY_CELL_NAMES.map(([value, name]) => (
          <MenuItem key={value} onSelect={() => props.onEmptyCells(value)}>
            {name}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={props.onSuggestions}>
          Back to the suggestions
        </MenuItem>
      </DropdownMenu>
    </div>
  );
}
