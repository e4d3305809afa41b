"use client";

import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { Combobox } from "@/components/ui/combobox";
import { Field, TextField } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { formatNumber } from "@/lib/client/format-number";
import { ANY_LANGUAGE, type EntryFilter } from "@/lib/domain/entry";
import { isPropertyId } from "@/lib/domain/identifiers";
import { SEARCH_LIMITS } from "@/lib/domain/search-words";
import type { SourceProperty } from "@/lib/domain/source";

const TYPING_PAUSE_MS = 250;

type EntryFiltersProps = {
  filter: EntryFilter;
  properties: readonly SourceProperty[];
  onChange: (filter: EntryFilter) => void;
};

export function EntryFilters({
  filter,
  properties,
  onChange,
}: EntryFiltersProps) {
  const change = (part: Partial<EntryFilter>) =>
    onChange({ ...filter, ...part });
  const isFiltered =
    filter.property !== null || filter.language !== ANY_LANGUAGE;

  return (
    <form
      role="search"
      aria-label="Entries"
      onSubmit={(event) => event.preventDefault()}
      className="grid grid-cols-2 items-end gap-3 lg:grid-cols-[minmax(14rem,1fr)_minmax(11rem,15rem)_9rem_9rem_auto]"
    >
      <SearchBox text={filter.text} onSearch={(text) => change({ text })} />
      <PropertyFilter
        property={filter.property}
        properties={properties}
        onChoose={(property) => change({ property })}
      />
      <Field label="Language">
        <Select
          value={filter.language}
          onChange={(event) => change({ language: event.target.value })}
        >
          <option value={ANY_LANGUAGE}>Any</option>
          <option value="">No language</option>
          {languagesOf(properties, filter).map((language) => (
            <option key={language} value={language}>
              {language}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Value">
        <Select
          value={filter.presence}
          disabled={!isFiltered}
          onChange={(event) =>
            change({
              presence:
                event.target.value === "missing" ? "missing" : "present",
            })
          }
        >
          <option value="present">is present</option>
          <option value="missing">is missing</option>
        </Select>
      </Field>
      <Button
        variant="ghost"
        disabled={!isFiltered && filter.text === ""}
        className="max-lg:col-span-2 max-lg:justify-self-start"
        onClick={() =>
          onChange({
            text: "",
            property: null,
            language: ANY_LANGUAGE,
            presence: "present",
          })
        }
      >
        <X aria-hidden />
        Clear
      </Button>
    </form>
  );
}

function SearchBox({
  text,
  onSearch,
}: {
  text: string;
  onSearch: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  const [seen, setSeen] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // The address changed from outside: back, forth, cleared.
  if (text !== seen) {
    setSeen(text);
    if (typed.trim() !== text) setTyped(text);
  }

  function search(next: string) {
    clearTimeout(timer.current);
    if (next.trim() !== text) onSearch(next.trim());
  }

  return (
    <div className="relative max-lg:col-span-2">
      <TextField
        type="search"
        label="Search"
        placeholder="Key or words in values"
        value={typed}
        maxLength={SEARCH_LIMITS.textCharsMax}
        autoComplete="off"
        spellCheck={false}
        className="[&_input]:pl-9"
        onChange={(event) => {
          const next = event.target.value;
          setTyped(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => search(next), TYPING_PAUSE_MS);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") search(typed);
        }}
      />
      <Search
        aria-hidden
        className="pointer-events-none absolute bottom-2.5 left-3 size-4 text-muted"
      />
    </div>
  );
}

function PropertyFilter({
  property,
  properties,
  onChoose,
}: {
  property: string | null;
  properties: readonly SourceProperty[];
  onChoose: (property: string | null) => void;
}) {
  const [typed, setTyped] = useState(property ?? "");
  const [seen, setSeen] = useState(property);
  // The address changed. Where typing did that, the list stays open: `name` may
  // be the beginning of the id that is wanted.
  if (property !== seen) {
    setSeen(property);
    setTyped(property ?? "");
  }
  const isKnown = properties.some(({ id }) => id === typed);
  const isOdd = typed !== "" && !isPropertyId(typed);
  return (
    <Field label="Property" className="max-lg:col-span-2">
      <Combobox
        value={typed}
        placeholder="Any property"
        aria-invalid={isOdd}
        options={properties.map(({ id, entryCount }) => ({
          value: id,
          hint: formatNumber(entryCount),
        }))}
        newValueLabel={() =>
          isKnown ? typed : "No property of this source begins like that"
        }
        onValueChange={(next) => {
          setTyped(next);
          if (next === "") onChoose(null);
          else if (properties.some(({ id }) => id === next)) onChoose(next);
        }}
      />
    </Field>
  );
}

function languagesOf(
  properties: readonly SourceProperty[],
  { property, language }: EntryFilter,
): string[] {
  const codes = new Set<string>();
  if (language !== "" && language !== ANY_LANGUAGE) codes.add(language);
  for (const { id, languages } of properties) {
    if (property !== null && id !== property) continue;
    for (const own of languages) if (own.language) codes.add(own.language);
  }
  return [...codes].sort();
}
