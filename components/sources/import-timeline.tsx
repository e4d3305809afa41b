"use client";

import { FileSpreadsheet, Webhook } from "lucide-react";
import type { ReactNode } from "react";

import { Badge, type BadgeTone } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";
import { formatCount, formatNumber } from "@/lib/client/format-number";
import { paths } from "@/lib/client/paths";
import type { LoggedImport } from "@/lib/domain/import-log";
import type { RunSummary } from "@/lib/domain/import-run";
import type { TimelineItem } from "@/lib/domain/import-timeline";
import { UNDO } from "@/lib/wording/undo";

const PROBLEMS_SHOWN_MAX = 3;

const FLAGS: Record<LoggedImport["flags"][number], string> = {
  entities_advised: "more than the advised 1,000 entries",
  bytes_advised: "more than the advised 20 MB",
};

/** Imports of both kinds, newest first. */
export function ImportTimeline({ items }: { items: TimelineItem[] }) {
  return (
    <Table label="Imports">
      <TableHead>
        <TableRow>
          <TableHeader>Import</TableHeader>
          <TableHeader>When</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader isNumeric>Created</TableHeader>
          <TableHeader isNumeric>Updated</TableHeader>
          <TableHeader isNumeric>Unchanged</TableHeader>
          <TableHeader isNumeric>Deleted</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {items.map((item) =>
          item.kind === "run" ? (
            <RunRow key={item.run.id} run={item.run} />
          ) : (
            <PushRow key={item.push.id} push={item.push} />
          ),
        )}
      </TableBody>
    </Table>
  );
}

function RunRow({ run }: { run: RunSummary }) {
  const rejected =
    run.rowsRejected > 0 && `${formatCount(run.rowsRejected, "row")} rejected`;
  return (
    <TableRow className="[&>*]:align-top">
      <TableHeader scope="row" className="min-w-52">
        <Title icon={<FileSpreadsheet aria-label="Spreadsheet" />}>
          <TextLink href={paths.importRun(run.id)} className="wrap-anywhere">
            {run.kind === "undo" ? UNDO.nameOf(run.fileName) : run.fileName}
          </TextLink>
          <Note>
            {[`by ${run.actorName}`, rejected].filter(Boolean).join(" · ")}
          </Note>
        </Title>
      </TableHeader>
      <TableCell>
        <RelativeTime at={run.startedAt} />
      </TableCell>
      <TableCell>
        <RunState run={run} />
      </TableCell>
      <Counts of={run.applied} />
    </TableRow>
  );
}

function RunState({ run }: { run: RunSummary }) {
  const [label, tone] = runState(run);
  return (
    <Badge tone={tone} hasDot>
      {label}
    </Badge>
  );
}

function runState({ status, lease }: RunSummary): [string, BadgeTone] {
  switch (status) {
    case "finished":
      return ["Finished", "success"];
    case "cancelled":
      return ["Cancelled", "neutral"];
    case "paused":
      return ["Paused", "warning"];
    case "running":
      return lease ? ["Running", "accent"] : ["Interrupted", "warning"];
  }
}

function PushRow({ push }: { push: LoggedImport }) {
  const isRefused = push.status === "refused";
  return (
    <TableRow className="[&>*]:align-top">
      <TableHeader scope="row" className="min-w-52">
        <Title icon={<Webhook aria-label="Pushed by a provider" />}>
          <span className="wrap-anywhere">
            {push.provider?.name ?? "A provider that was deleted"}
          </span>
          <Note>{pushNote(push)}</Note>
          {isRefused && <Problems problems={push.problems} />}
        </Title>
      </TableHeader>
      <TableCell>
        <RelativeTime at={push.at} />
      </TableCell>
      <TableCell>
        <Badge tone={isRefused ? "danger" : "success"} hasDot>
          {isRefused ? "Refused" : "Accepted"}
        </Badge>
      </TableCell>
      {isRefused ? (
        <TableCell colSpan={4} isNumeric className="text-muted">
          nothing stored
        </TableCell>
      ) : (
        <Counts of={push} />
      )}
    </TableRow>
  );
}

function pushNote(push: LoggedImport): string {
  return [
    push.entities === 0 && push.status === "accepted" && "an empty import",
    push.repeats > 1 && `sent ${formatNumber(push.repeats)} times`,
    ...push.flags.map((flag) => FLAGS[flag]),
    `request ${push.requestId}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function Problems({ problems }: { problems: string[] }) {
  const rest = problems.slice(PROBLEMS_SHOWN_MAX);
  const line = (problem: string, index: number) => (
    <li key={index} className="wrap-anywhere">
      {problem}
    </li>
  );
  return (
    <div className="mt-1 max-w-xl text-[0.8125rem] font-normal text-danger-text">
      <ul className="space-y-0.5">
        {problems.slice(0, PROBLEMS_SHOWN_MAX).map(line)}
      </ul>
      {rest.length > 0 && (
        <details>
          <summary className="cursor-pointer rounded-sm">
            {formatNumber(rest.length)} more
          </summary>
          <ul className="space-y-0.5">{rest.map(line)}</ul>
        </details>
      )}
    </div>
  );
}

function Counts({
  of,
}: {
  of: Record<"created" | "updated" | "unchanged" | "deleted", number>;
}) {
  return (
    <>
      {[of.created, of.updated, of.unchanged, of.deleted].map((n, index) => (
        <TableCell
          key={index}
          isNumeric
          className={n === 0 ? "text-muted" : undefined}
        >
          {formatNumber(n)}
        </TableCell>
      ))}
    </>
  );
}

function Title({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="flex gap-2.5 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted">
      {icon}
      <div className="min-w-0">{children}</div>
    </div>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <p className="text-[0.8125rem] font-normal wrap-anywhere text-muted">
      {children}
    </p>
  );
}
