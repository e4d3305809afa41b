"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Input } from "@/components/ui/input";
import { Tabs } from "@/components/ui/tabs";
import type { PreviewEntity } from "@/lib/client/import-session";
import { ENTRY_PREVIEW_WORDS as WORDS } from "@/lib/wording/import-check";

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
    <section aria-label={WORDS.label} className="space-y-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="text-[0.9375rem] font-semibold">{WORDS.title}</h2>
        <p className="text-[0.8125rem] text-muted">
          {WORDS.position({
            entry: index + 1,
            shown: entities.length,
            total,
          })}
        </p>
        <div className="ml-auto flex items-center gap-2">
          <label className="flex items-center gap-2 text-[0.8125rem] text-muted">
            {WORDS.goToRow}
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
            aria-label={WORDS.previous}
            disabled={index === 0}
            onClick={() => setIndex(index - 1)}
          >
            <ChevronLeft aria-hidden />
          </Button>
          <Button
            size="icon"
            aria-label={WORDS.next}
            disabled={index >= entities.length - 1}
            onClick={() => setIndex(index + 1)}
          >
            <ChevronRight aria-hidden />
          </Button>
        </div>
      </div>
      {isBeyond && (
        <p role="status" className="text-right text-[0.8125rem] text-muted">
          {WORDS.beyond(lastRow)}
        </p>
      )}
      <div className="rounded-card border border-border bg-surface p-4 shadow-card">
        <p className="mb-3 flex flex-wrap items-center gap-2">
          <code className="font-mono font-semibold break-all">
            {entity.key}
          </code>
          <span className="text-[0.8125rem] text-muted">
            {WORDS.row(rowNumber)}
          </span>
          {entity.delete && <Badge tone="danger">{WORDS.deletes}</Badge>}
        </p>
        <Tabs
          label={WORDS.views}
          tabs={[
            {
              value: "table",
              label: WORDS.table,
              content: <EntityTable entity={entity} />,
            },
            {
              value: "json",
              label: WORDS.json,
              content: (
                <CodeBlock
                  label={WORDS.jsonLabel}
                  samples={[
                    {
                      label: WORDS.json,
                      code: JSON.stringify(entity, null, 2),
                    },
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
