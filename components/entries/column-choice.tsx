"use client";

import { Columns3 } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { formatNumber } from "@/lib/client/format-number";
import { ENTRY_PAGE_LIMITS } from "@/lib/domain/entry";
import { valueName } from "@/lib/domain/identifiers";
import type { SourceProperty } from "@/lib/domain/source";

import { PropertyLabel } from "./property-label";

const SHOWN_MAX = 200;
const { columnsMax } = ENTRY_PAGE_LIMITS;

export function ColumnChoice({
  columns,
  properties,
  onChoose,
}: {
  columns: readonly string[];
  properties: readonly SourceProperty[];
  onChoose: (columns: string[]) => void;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const [text, setText] = useState("");

  const names = properties.flatMap(({ id, languages }) =>
    languages
      .filter(({ entryCount }) => entryCount > 0)
      .map(({ language, entryCount }) => ({
        name: valueName(id, language),
        entryCount,
      })),
  );
  const wanted = text.trim().toLowerCase();
  const shown = names
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .slice(0, SHOWN_MAX);
  const isFull = chosen.length >= columnsMax;

  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => {
        setIsOpen(open);
        setChosen([...columns]);
        setText("");
      }}
      trigger={
        <Button size="sm">
          <Columns3 aria-hidden />
          Columns
        </Button>
      }
      title="Columns"
      description={`Choose up to ${columnsMax} properties to show; ${chosen.length} chosen.`}
      footer={
        <>
          <Button
            variant="ghost"
            onClick={() => {
              setIsOpen(false);
              onChoose([]);
            }}
          >
            Most common
          </Button>
          <Button
            variant="primary"
            disabled={chosen.length === 0}
            onClick={() => {
              setIsOpen(false);
              onChoose(chosen);
            }}
          >
            Show
          </Button>
        </>
      }
    >
      <TextField
        type="search"
        label="Find a property"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ul className="relative mt-3 max-h-72 space-y-1 overflow-y-auto">
        {shown.map(({ name, entryCount }) => (
          <li key={name}>
            <Checkbox
              label={<PropertyLabel name={name} />}
              hint={`${formatNumber(entryCount)} entries`}
              checked={chosen.includes(name)}
              disabled={isFull && !chosen.includes(name)}
              onChange={(event) =>
                setChosen(
                  event.target.checked
                    ? [...chosen, name]
                    : chosen.filter((own) => own !== name),
                )
              }
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
