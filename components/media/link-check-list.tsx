"use client";

import { CircleAlert, Pencil } from "lucide-react";
import { useState } from "react";

import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import type {
  LinkOutcome,
  LinkProblem,
  PlannedLink,
  TakenChoice,
} from "@/lib/domain/link-plan";
import type { LinkField } from "@/lib/domain/link-row";

import { LinkEditDialog } from "./link-edit-dialog";
import type { LinkPlanning } from "./use-link-plan";
import { VirtualList } from "./virtual-list";

const ROW_PX = 76;

export function LinkCheckList({
  items,
  planning,
}: {
  items: readonly PlannedLink[];
  planning: LinkPlanning;
}) {
  const [edited, setEdited] = useState<PlannedLink>();
  return (
    <>
      <VirtualList
        label="Links in the list"
        items={items}
        keyOf={({ row }) => row}
        rowHeight={ROW_PX}
      >
        {(item) => (
          <CheckRow
            item={item}
            planning={planning}
            onEdit={() => setEdited(item)}
          />
        )}
      </VirtualList>
      {edited && (
        <LinkEditDialog
          item={edited}
          onClose={() => setEdited(undefined)}
          onSave={(row) => {
            planning.edit(row);
            setEdited(undefined);
          }}
        />
      )}
    </>
  );
}

function CheckRow({
  item,
  planning,
  onEdit,
}: {
  item: PlannedLink;
  planning: LinkPlanning;
  onEdit: () => void;
}) {
  const { row, outcome } = item;
  const isOut = outcome.is === "leftOut" && outcome.because === "asked";
  return (
    <div className="flex gap-3 px-4 py-3 text-sm">
      <span className="w-10 shrink-0 pt-0.5 text-right text-xs text-muted tabular-nums">
        <span className="sr-only">Row </span>
        {row}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0 flex-1 basis-60">
            <p className="flex min-w-0 flex-wrap items-baseline gap-x-3">
              <span className="truncate font-medium">{item.filename}</span>
              <Identifier item={item} />
            </p>
            <p
              className="mt-0.5 truncate font-mono text-xs text-muted"
              title={item.link}
            >
              {item.link || "no link"}
            </p>
          </div>
          <div className="flex items-center gap-1.5">
            <OutcomeBadge outcome={outcome} />
            <Button
              variant="ghost"
              size="iconSm"
              aria-label={`Edit row ${row}`}
              title="Edit"
              onClick={onEdit}
            >
              <Pencil aria-hidden />
            </Button>
            {(outcome.is !== "leftOut" || isOut) && (
              <Button
                variant="ghost"
                size="sm"
                aria-label={`${isOut ? "Take in" : "Leave out"} row ${row}`}
                onClick={() => planning.leaveOut(row, !isOut)}
              >
                {isOut ? "Take in" : "Leave out"}
              </Button>
            )}
          </div>
        </div>
        {item.problems.map((problem) => (
          <Problem key={problem.field} problem={problem} />
        ))}
        {item.remarks.map(({ message }) => (
          <p key={message} className="mt-1 text-[0.8125rem] text-muted">
            {message}
          </p>
        ))}
        {item.taken && (
          <TakenRow item={item} taken={item.taken} planning={planning} />
        )}
      </div>
    </div>
  );
}

function Identifier({ item }: { item: PlannedLink }) {
  if (item.uniqueIdentifier === "") return null;
  return (
    <span className="min-w-0 truncate font-mono text-xs">
      {item.originalIdentifier !== null && (
        <>
          <s className="text-muted">{item.originalIdentifier}</s>{" "}
        </>
      )}
      {item.uniqueIdentifier}
    </span>
  );
}

const FIELD_NAMES: Record<LinkField, string> = {
  link: "Link",
  filename: "File name",
  uniqueIdentifier: "Unique identifier",
};

function Problem({ problem }: { problem: LinkProblem }) {
  const { field, value, message, row } = problem;
  return (
    <p className="mt-1.5 flex gap-1.5 text-[0.8125rem] text-danger-text">
      <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0">
        {`Row ${row}, ${FIELD_NAMES[field].toLowerCase()} `}
        {value === "" ? (
          "(empty)"
        ) : (
          <code className="font-mono break-all">“{value.slice(0, 120)}”</code>
        )}
        {`: ${message}`}
      </span>
    </p>
  );
}

function TakenRow({
  item,
  taken,
  planning,
}: {
  item: PlannedLink;
  taken: NonNullable<PlannedLink["taken"]>;
  planning: LinkPlanning;
}) {
  const { row, originalIdentifier, uniqueIdentifier } = item;
  const { ofRow, forAll } = planning.choices;
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <p className="min-w-0 text-[0.8125rem] text-warning-text">
        {`${originalIdentifier ?? uniqueIdentifier} is taken by ${taken.filename}.`}
      </p>
      <Select
        aria-label={`What to do in row ${row}`}
        className="w-64"
        value={ofRow.get(row) ?? forAll}
        onChange={({ target }) =>
          planning.chooseForRow(row, target.value as TakenChoice)
        }
      >
        <option value="reuse">Keep the existing file</option>
        <option value="suffix">Add under a new identifier</option>
        <option value="replace">Delete the existing, then send</option>
      </Select>
    </div>
  );
}

function OutcomeBadge({ outcome }: { outcome: LinkOutcome }) {
  const [tone, text] = describe(outcome);
  return <Badge tone={tone}>{text}</Badge>;
}

function describe(outcome: LinkOutcome): [BadgeTone, string] {
  switch (outcome.is) {
    case "send":
      return ["success", "Will be sent"];
    case "replace":
      return ["warning", "Replaces a file"];
    case "reuse":
      return ["neutral", "Existing file kept"];
    case "leftOut":
      return ["neutral", "Left out"];
    case "blocked":
      return ["danger", "Problem"];
  }
}
