"use client";

import { ChevronDown, Sparkles } from "lucide-react";
import { memo, useState } from "react";

import { Badge } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/checkbox";
import { Combobox, type ComboboxOption } from "@/components/ui/combobox";
import { Select } from "@/components/ui/select";
import { classNames } from "@/lib/client/class-names";
import type { ColumnProblem } from "@/lib/domain/column-problems";
import type { ColumnUse } from "@/lib/domain/mapping";
import { suggestPropertyId } from "@/lib/domain/suggest-id";
import { COLUMN_WORDS as WORDS, USE_NAMES } from "@/lib/wording/import-columns";

import { CellText } from "./cell-text";
import { columnLetters } from "./column-letters";
import { ColumnMedia } from "./column-media";
import { LanguageCodes } from "./language-codes";
import { PivotPropertyDetails } from "./pivot-property-details";
import { ValueBoxes } from "./value-boxes";

type ColumnRowProps = {
  column: number;
  header: string;
  samples: readonly string[];
  use: ColumnUse;
  isSuggested: boolean;
  /** The property id is one that the source has not seen. */
  isNew: boolean;
  hasLanguageColumn: boolean;
  problem: ColumnProblem | undefined;
  propertyOptions: readonly ComboboxOption[];
  languageOptions: readonly ComboboxOption[];
  onKind: (column: number, as: ColumnUse["as"]) => void;
  onUse: (column: number, use: ColumnUse) => void;
};

/** One line of the mapping; drawn again only when its own column changed. */
export const ColumnRow = memo(function ColumnRow(props: ColumnRowProps) {
  const { column, header, samples, use, problem } = props;
  const name = header.trim() || WORDS.unnamed(columnLetters(column));
  const problemId = `column-${column}-problem`;
  const [isOpened, setIsOpened] = useState(false);
  // On a small screen a column that needs no decision is one line.
  const isOpen = isOpened || problem !== undefined;
  const whenOpen = isOpen ? "" : "max-lg:hidden";
  return (
    <li
      aria-label={name}
      // What is being mended stays open when it is mended.
      onFocus={() => problem && setIsOpened(true)}
      className={classNames(
        "grid gap-x-4 gap-y-2 border-b border-border px-4 py-3 last:border-b-0 lg:grid-cols-[minmax(0,1.15fr)_11rem_minmax(0,2.2fr)]",
        !isOpen && "max-lg:py-1.5",
        use.as === "ignore" && "bg-sunken/60",
        problem && "bg-danger-soft/50",
      )}
    >
      <div className="min-w-0">
        <p
          className={classNames(
            "flex items-baseline gap-2",
            !isOpen && "max-lg:items-center",
          )}
        >
          <span className="w-7 shrink-0 font-mono text-xs text-muted">
            {columnLetters(column)}
          </span>
          <span
            title={name}
            className={classNames(
              "line-clamp-2 min-w-0 font-medium wrap-anywhere",
              use.as === "ignore" && "text-muted",
            )}
          >
            <CellText text={name} />
          </span>
          {props.isSuggested && use.as !== "ignore" && (
            <span className="ml-auto flex shrink-0 items-center gap-1 text-xs text-muted max-lg:hidden">
              <Sparkles aria-hidden className="size-3" /> {WORDS.suggested}
            </span>
          )}
          {problem === undefined && (
            <OpenButton
              name={name}
              becomes={WORDS.becomes(use)}
              isOpen={isOpen}
              onOpen={setIsOpened}
            />
          )}
        </p>
        <p
          className={classNames(
            "mt-0.5 truncate pl-9 font-mono text-xs text-muted",
            whenOpen,
          )}
        >
          {samples.length === 0 ? (
            <span className="font-sans italic">{WORDS.emptyInFirstRows}</span>
          ) : (
            samples.map((sample, index) => (
              <span key={index}>
                {index > 0 && <span className="text-border-strong"> | </span>}
                <CellText text={sample} />
              </span>
            ))
          )}
        </p>
      </div>
      <div className={classNames("min-w-0", whenOpen)}>
        <Select
          aria-label={WORDS.useOf(name)}
          aria-invalid={problem?.part === "use" || undefined}
          aria-describedby={problem?.part === "use" ? problemId : undefined}
          value={use.as}
          onChange={(event) =>
            props.onKind(column, event.target.value as ColumnUse["as"])
          }
        >
          {USE_NAMES.map(([as, label]) => (
            <option key={as} value={as}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      <div className={classNames("min-w-0", whenOpen)}>
        <UseDetails {...props} name={name} problemId={problemId} />
        {problem && (
          <p
            id={problemId}
            className="mt-1.5 text-[0.8125rem] text-danger-text"
          >
            {problem.message}
          </p>
        )}
      </div>
    </li>
  );
});

/** Only where lines are folded: what the column becomes, and the way to change it. */
function OpenButton({
  name,
  becomes,
  isOpen,
  onOpen,
}: {
  name: string;
  becomes: string;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
}) {
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-label={WORDS.change(name, becomes)}
      onClick={() => onOpen(!isOpen)}
      className="ml-auto flex min-h-9 min-w-0 basis-1/2 items-center justify-end gap-1.5 rounded-control text-[0.8125rem] text-muted lg:hidden"
    >
      {!isOpen && (
        // Drawn by the style sheet: on a large screen the boxes say the same.
        <span
          data-becomes={becomes}
          className="line-clamp-2 wrap-anywhere before:content-[attr(data-becomes)]"
        />
      )}
      <ChevronDown
        aria-hidden
        className={classNames("size-4 shrink-0", isOpen && "rotate-180")}
      />
    </button>
  );
}

type DetailsProps = ColumnRowProps & { name: string; problemId: string };

function UseDetails(props: DetailsProps) {
  const { use, column, onUse, name } = props;
  switch (use.as) {
    case "property":
      return (
        <>
          <PropertyDetails {...props} use={use} />
          <ColumnMedia
            {...props}
            use={use}
            isInvalid={
              props.problem?.part === "property" && use.media !== undefined
            }
            onUse={(next) => onUse(column, next)}
          />
        </>
      );
    case "key":
      return (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 lg:min-h-9">
          <Checkbox
            label={WORDS.alsoProperty}
            aria-label={WORDS.alsoPropertyOf(name)}
            checked={use.property !== null}
            onChange={(event) =>
              onUse(column, {
                ...use,
                property: event.target.checked ? suggestedId(props) : null,
              })
            }
          />
          {use.property !== null && (
            <PropertyBox
              {...props}
              id={use.property}
              onId={(property) => onUse(column, { ...use, property })}
            />
          )}
        </div>
      );
    case "language":
      return (
        <LanguageCodes
          {...props}
          use={use}
          onUse={(next) => onUse(column, next)}
        />
      );
    case "pivotProperty":
      return (
        <PivotPropertyDetails
          use={use}
          name={name}
          onUse={(next) => onUse(column, next)}
        />
      );
    case "pivotValue":
      return (
        <div className="grid gap-2 sm:grid-cols-[minmax(0,0.9fr)_minmax(0,1.1fr)]">
          <ValueBoxes {...props} use={use} />
        </div>
      );
    case "delete":
      return <Remark>{WORDS.deletes}</Remark>;
    case "ignore":
      return <Remark>{WORDS.ignored}</Remark>;
  }
}

function Remark({ children }: { children: string }) {
  return (
    <p className="flex items-center text-[0.8125rem] text-muted lg:min-h-9">
      {children}
    </p>
  );
}

function suggestedId({ propertyOptions, header }: DetailsProps): string {
  const wanted = header.trim().toLowerCase();
  return (
    propertyOptions.find(({ value }) => value.toLowerCase() === wanted)
      ?.value ?? suggestPropertyId(header)
  );
}

function PropertyDetails({
  use,
  ...props
}: Omit<DetailsProps, "use"> & {
  use: Extract<ColumnUse, { as: "property" }>;
}) {
  return (
    <div className="grid gap-2 sm:grid-cols-[minmax(0,1.3fr)_minmax(0,0.9fr)_minmax(0,1.1fr)]">
      <PropertyBox
        {...props}
        use={use}
        id={use.id}
        onId={(id) => props.onUse(props.column, { ...use, id })}
      />
      <ValueBoxes {...props} use={use} />
    </div>
  );
}

function PropertyBox({
  id,
  onId,
  name,
  isNew,
  problem,
  problemId,
  propertyOptions,
}: DetailsProps & { id: string; onId: (id: string) => void }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Combobox
        className="flex-1"
        aria-label={WORDS.propertyOf(name)}
        aria-invalid={problem?.part === "property"}
        aria-describedby={problem?.part === "property" ? problemId : ""}
        placeholder={WORDS.propertyPlaceholder}
        value={id}
        options={propertyOptions}
        newValueLabel={WORDS.newProperty}
        onValueChange={(text) => onId(text.trim())}
      />
      {isNew && id !== "" && problem?.part !== "property" && (
        <Badge tone="accent">{WORDS.isNew}</Badge>
      )}
    </span>
  );
}
