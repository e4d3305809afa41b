"use client";

import { useId, useState } from "react";

import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Button } from "@/components/ui/button";
import { formatCount } from "@/lib/client/format-number";

export type PickableSource = { id: string; identifier: string; name: string };

type SourcePickerProps = {
  sources: readonly PickableSource[];
  value: readonly string[];
  onValueChange: (sourceIds: string[]) => void;
  error?: string | undefined;
};

/** Fewer than this are seen at one glance. */
const UNFILTERED_MAX = 6;

export function SourcePicker({
  sources,
  value,
  onValueChange,
  error,
}: SourcePickerProps) {
  const id = useId();
  const [text, setText] = useState("");
  const chosen = new Set(value);
  const wanted = text.trim().toLowerCase();
  const shown = sources.filter(({ name, identifier }) =>
    `${name}\n${identifier}`.toLowerCase().includes(wanted),
  );
  const areAllChosen =
    shown.length > 0 && shown.every((source) => chosen.has(source.id));

  function choose(ids: string[], isChosen: boolean) {
    const next = new Set(chosen);
    for (const sourceId of ids) {
      if (isChosen) next.add(sourceId);
      else next.delete(sourceId);
    }
    onValueChange(
      sources.map((source) => source.id).filter((own) => next.has(own)),
    );
  }

  return (
    <fieldset className="min-w-0" aria-describedby={`${id}-hint`}>
      <legend className="mb-1.5 text-[0.8125rem] font-medium">
        Allowed sources
      </legend>
      {sources.length > UNFILTERED_MAX && (
        <div className="mb-2 flex flex-wrap gap-2">
          <Input
            type="search"
            aria-label="Filter sources"
            placeholder="Filter sources"
            value={text}
            onChange={(event) => setText(event.target.value)}
            // Enter would send the form.
            onKeyDown={(event) => {
              if (event.key === "Enter") event.preventDefault();
            }}
            className="min-w-0 flex-1 basis-48"
          />
          <Button
            disabled={shown.length === 0}
            onClick={() =>
              choose(
                shown.map((source) => source.id),
                !areAllChosen,
              )
            }
          >
            {areAllChosen ? "Choose none" : "Choose all"}
            {wanted && " shown"}
          </Button>
        </div>
      )}
      {sources.length > 0 && (
        <ul className="relative max-h-72 divide-y divide-border overflow-y-auto rounded-control border border-border bg-surface">
          {shown.map((source) => (
            <li key={source.id}>
              <Checkbox
                className="px-3 py-2 hover:bg-sunken/60"
                checked={chosen.has(source.id)}
                onChange={(event) => choose([source.id], event.target.checked)}
                label={
                  <span className="flex flex-wrap items-baseline gap-x-2">
                    <span className="break-words">{source.name}</span>
                    <code className="font-mono text-xs break-all text-muted">
                      {source.identifier}
                    </code>
                  </span>
                }
              />
            </li>
          ))}
          {shown.length === 0 && (
            <li className="px-3 py-6 text-center text-sm text-muted">
              No source matches “{text}”.
            </li>
          )}
        </ul>
      )}
      {error && (
        <p role="alert" className="mt-1.5 text-[0.8125rem] text-danger-text">
          {error}
        </p>
      )}
      <p id={`${id}-hint`} className="mt-1.5 text-[0.8125rem] text-muted">
        {sources.length === 0
          ? "There is no source yet. Create the provider now and choose its sources later."
          : `${formatCount(chosen.size, "source")} chosen. It may push into these only.`}
      </p>
    </fieldset>
  );
}
