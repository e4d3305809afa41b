"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Input } from "@/components/ui/input";
import { Tabs } from "@/components/ui/tabs";
import { formatNumber } from "@/lib/client/format-number";
import type { PreviewEntity } from "@/lib/client/import-session";

import { EntityTable } from "./entity-table";

/** The first entities as they will be sent, one at a time: as a table and as JSON. */
export function EntityPreview({
  entities,
  total,
}: {
  entities: readonly PreviewEntity[];
  total: number;
}) {
  const [index, setIndex] = useState(0);
  const [row, setRow] = useState("");
  const current = entities[Math.min(index, entities.length - 1)];
  if (!current) return null;
  const { entity, rowNumber } = current;
  const lastRow = entities[entities.length - 1]?.rowNumber ?? 0;
  const isBeyond = Number(row) > lastRow;

  function jumpTo(text: string) {
    setRow(text);
    const wanted = Number(text);
    if (!Number.isInteger(wanted) || wanted < 1) return;
    const found = entities.findIndex(
      (candidate) => candidate.rowNumber >= wanted,
    );
    setIndex(found < 0 ? entities.length - 1 : found);
  }

  return (
    <section aria-label="Entries that will be sent" className="space-y-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="text-[0.9375rem] font-semibold">What will be sent</h2>
        <p className="text-[0.8125rem] text-muted">
          {`entry ${formatNumber(index + 1)} of ${
            entities.length < total
              ? `the first ${formatNumber(entities.length)}`
              : formatNumber(total)
          }`}
        </p>
        <div className="ml-auto flex items-center gap-2">
          <label className="flex items-center gap-2 text-[0.8125rem] text-muted">
            Go to row
            <Input
              inputMode="numeric"
              className="w-20"
              value={row}
              placeholder={String(rowNumber)}
              onChange={(event) => jumpTo(event.target.value)}
            />
          </label>
          <Button
            size="icon"
            aria-label="Previous entry"
            disabled={index === 0}
            onClick={() => setIndex(index - 1)}
          >
            <ChevronLeft aria-hidden />
          </Button>
          <Button
            size="icon"
            aria-label="Next entry"
            disabled={index >= entities.length - 1}
            onClick={() => setIndex(index + 1)}
          >
            <ChevronRight aria-hidden />
          </Button>
        </div>
      </div>
      {isBeyond && (
        <p role="status" className="text-right text-[0.8125rem] text-muted">
          {`The preview ends with row ${formatNumber(lastRow)}; all rows are checked and sent.`}
        </p>
      )}
      <div className="rounded-card border border-border bg-surface p-4 shadow-card">
        <p className="mb-3 flex flex-wrap items-center gap-2">
          <code className="font-mono font-semibold break-all">
            {entity.key}
          </code>
          <span className="text-[0.8125rem] text-muted">{`row ${formatNumber(rowNumber)}`}</span>
          {entity.delete && <Badge tone="danger">deletes the entry</Badge>}
        </p>
        <Tabs
          label="How to show the entry"
          tabs={[
            {
              value: "table",
              label: "Table",
              content: <EntityTable entity={entity} />,
            },
            {
              value: "json",
              label: "JSON",
              content: (
                <CodeBlock
                  label="The entry as JSON"
                  samples={[
                    { label: "JSON", code: JSON.stringify(entity, null, 2) },
                  ]}
                />
              ),
            },
          ]}
        />
      </div>
    </section>
  );
}
