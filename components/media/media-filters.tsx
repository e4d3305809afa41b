"use client";

import { LayoutGrid, List, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { Field, TextField } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { classNames } from "@/lib/client/class-names";
import { KIND_NAMES, STATE_NAMES } from "@/lib/client/media-texts";
import type { MediaView } from "@/lib/client/media-view";
import { MEDIA_STATES, type MediaState } from "@/lib/domain/media";
import { MEDIA_PAGE_LIMITS } from "@/lib/domain/media-page";
import { MEDIA_KINDS, type MediaKind } from "@/lib/domain/media-type";
import { remoteMediaWords as words } from "@/lib/wording/remote-media";

import { useMediaEndpoints } from "./media-endpoints";

const TYPING_PAUSE_MS = 250;

export function MediaFilters({
  view,
  onChange,
}: {
  view: MediaView;
  onChange: (change: Partial<MediaView>, isStep?: boolean) => void;
}) {
  const endpoints = useMediaEndpoints();
  return (
    <form
      role="search"
      aria-label="Media files"
      onSubmit={(event) => event.preventDefault()}
      className={classNames(
        "grid grid-cols-2 items-end gap-3",
        endpoints.length > 0
          ? "lg:grid-cols-[minmax(10rem,1fr)_9rem_9rem_11rem_auto]"
          : "lg:grid-cols-[minmax(14rem,1fr)_10rem_10rem_auto]",
      )}
    >
      <SearchBox
        text={view.text}
        onSearch={(text) => onChange({ text }, view.text === "")}
      />
      <Field label="Type">
        <Select
          value={view.type ?? ""}
          onChange={({ target }) =>
            onChange({ type: (target.value || null) as MediaKind | null })
          }
        >
          <option value="">Any type</option>
          {MEDIA_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {KIND_NAMES[kind]}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="State">
        <Select
          value={view.state ?? ""}
          onChange={({ target }) =>
            onChange({ state: (target.value || null) as MediaState | null })
          }
        >
          <option value="">Any state</option>
          {MEDIA_STATES.map((state) => (
            <option key={state} value={state}>
              {STATE_NAMES[state]}
            </option>
          ))}
        </Select>
      </Field>
      {endpoints.length > 0 && (
        <Field label={words.where} className="max-lg:col-span-2">
          <Select
            value={view.endpoint ?? ""}
            onChange={({ target }) =>
              onChange({ endpoint: target.value || null })
            }
          >
            <option value="">{words.here}</option>
            {endpoints.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <div
        role="group"
        aria-label="Show as"
        className="flex gap-0.5 justify-self-start rounded-control bg-sunken p-0.5 max-lg:col-span-2"
      >
        <ViewButton
          label="Gallery"
          icon={<LayoutGrid aria-hidden />}
          isOn={view.as === "gallery"}
          onChoose={() => onChange({ as: "gallery" }, false)}
        />
        <ViewButton
          label="Table"
          icon={<List aria-hidden />}
          isOn={view.as === "table"}
          onChoose={() => onChange({ as: "table" }, false)}
        />
      </div>
    </form>
  );
}

function ViewButton({
  label,
  icon,
  isOn,
  onChoose,
}: {
  label: string;
  icon: React.ReactNode;
  isOn: boolean;
  onChoose: () => void;
}) {
  return (
    <Button
      variant={isOn ? "secondary" : "ghost"}
      size="sm"
      aria-pressed={isOn}
      onClick={onChoose}
    >
      {icon}
      {label}
    </Button>
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
        placeholder="File name or unique identifier"
        value={typed}
        maxLength={MEDIA_PAGE_LIMITS.textCharsMax}
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
