"use client";

import { ArrowLeft, Send } from "lucide-react";
import { useState } from "react";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { RadioGroup } from "@/components/ui/radio-group";
import { Spinner } from "@/components/ui/spinner";
import { classNames } from "@/lib/client/class-names";
import { formatCount, formatNumber } from "@/lib/client/format-number";
import {
  sendable,
  type PlannedLink,
  type TakenChoice,
} from "@/lib/domain/link-plan";
import type { LinkRow } from "@/lib/domain/link-row";
import type { EndpointChoice } from "@/lib/domain/remote-media";
import { remoteMediaWords as words } from "@/lib/wording/remote-media";

import { LinkCheckList } from "./link-check-list";
import { useLinkPlan, type LinkPlanning } from "./use-link-plan";

type Shown = "all" | "problems" | "taken" | "leftOut";

type LinkCheckProps = {
  rows: readonly LinkRow[];
  /** Where they go; `null`: to this Studio. */
  endpoint: EndpointChoice | null;
  isStarting: boolean;
  onBack: () => void;
  onSend: (links: PlannedLink[], reused: number) => void;
};

/** Everything about the list before it is sent: what is wrong, what is taken, what will happen. */
export function LinkCheck({
  rows,
  endpoint,
  isStarting,
  onBack,
  onSend,
}: LinkCheckProps) {
  const planning = useLinkPlan(rows, endpoint?.id ?? null);
  const { plan, isChecking, problem } = planning;
  const [shown, setShown] = useState<Shown>("all");
  const groups = groupItems(plan.items);
  const toSend = sendable(plan);
  const reused = plan.items.filter(({ outcome }) => outcome.is === "reuse");
  const replaced = toSend.filter(({ outcome }) => outcome.is === "replace");
  const isReady = toSend.length > 0 && plan.unknown.length === 0;
  const current = groups[shown].length > 0 ? shown : "all";

  return (
    <div className="space-y-5">
      {endpoint && <ForEndpoint endpoint={endpoint} links={toSend} />}
      <p role="status" className="flex items-center gap-2 text-sm">
        {isChecking && <Spinner />}
        {isChecking
          ? "Checking which identifiers are taken…"
          : summary(toSend.length, reused.length, groups)}
      </p>
      {problem && (
        <Notice
          tone="danger"
          title="The identifiers could not be checked"
          actions={<Button onClick={planning.retry}>Try again</Button>}
        >
          {problem}
        </Notice>
      )}
      <TakenPanel planning={planning} count={groups.taken.length} />
      <RepeatedPanel planning={planning} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div
          role="group"
          aria-label="Rows shown"
          className="flex max-w-full gap-0.5 overflow-x-auto rounded-control bg-sunken p-0.5"
        >
          {SHOWN.filter(
            ({ value }) => value === "all" || groups[value].length > 0,
          ).map(({ value, label }) => (
            <Button
              key={value}
              size="sm"
              variant={current === value ? "secondary" : "ghost"}
              aria-pressed={current === value}
              onClick={() => setShown(value)}
            >
              {label}
              <span className="text-muted">
                {formatNumber(groups[value].length)}
              </span>
            </Button>
          ))}
        </div>
        {groups.problems.length > 0 && (
          <CopyButton
            label="the problems"
            text={problemTable(groups.problems)}
          />
        )}
      </div>
      <LinkCheckList items={groups[current]} planning={planning} />
      <div
        className={classNames(
          "sticky bottom-0 z-20 -mx-4 flex flex-wrap items-center justify-between gap-3 border-t border-border bg-background px-4 py-3",
        )}
      >
        <Button onClick={onBack}>
          <ArrowLeft aria-hidden />
          Back
        </Button>
        <SendButton
          count={toSend.length}
          replaced={replaced.length}
          isReady={isReady}
          isStarting={isStarting}
          onSend={() => onSend(toSend, reused.length)}
        />
      </div>
    </div>
  );
}

function ForEndpoint({
  endpoint,
  links,
}: {
  endpoint: EndpointChoice;
  links: readonly PlannedLink[];
}) {
  const made = links.filter((link) => link.uniqueIdentifier === "").length;
  return (
    <Notice title={words.checkedAt(`${endpoint.name} (${endpoint.host})`)}>
      {made === 0
        ? words.thereAbout(endpoint.name)
        : words.made(formatNumber(made), endpoint.name)}
    </Notice>
  );
}

const SHOWN: { value: Shown; label: string }[] = [
  { value: "all", label: "All" },
  { value: "problems", label: "Problems" },
  { value: "taken", label: "Taken identifiers" },
  { value: "leftOut", label: "Left out" },
];

function groupItems(
  items: readonly PlannedLink[],
): Record<Shown, PlannedLink[]> {
  return {
    all: [...items],
    problems: items.filter(({ outcome }) => outcome.is === "blocked"),
    taken: items.filter(({ taken }) => taken !== null),
    leftOut: items.filter(({ outcome }) => outcome.is === "leftOut"),
  };
}

function summary(
  sent: number,
  reused: number,
  { problems, leftOut }: Record<Shown, PlannedLink[]>,
): string {
  const parts = [`${formatCount(sent, "link")} will be sent`];
  if (reused > 0) parts.push(`${formatCount(reused, "existing file")} kept`);
  if (problems.length > 0) {
    parts.push(`${formatCount(problems.length, "row")} with problems not sent`);
  }
  if (leftOut.length > 0) {
    parts.push(`${formatCount(leftOut.length, "row")} left out`);
  }
  return `${parts.join(", ")}.`;
}

function problemTable(items: readonly PlannedLink[]): string {
  const lines = items.flatMap(({ problems }) =>
    problems.map(({ row, field, value, message }) =>
      [row, field, value.replace(/\s+/g, " "), message].join("\t"),
    ),
  );
  return ["row\tfield\tvalue\tproblem", ...lines].join("\n");
}

function TakenPanel({
  planning,
  count,
}: {
  planning: LinkPlanning;
  count: number;
}) {
  if (count === 0) return null;
  return (
    <div className="rounded-card border border-warning/35 bg-warning-soft px-4 py-3">
      <RadioGroup
        legend={
          count === 1
            ? "1 unique identifier is taken by a file that is there already"
            : `${formatNumber(count)} unique identifiers are taken by files that are there already`
        }
        value={planning.choices.forAll}
        onValueChange={(choice: TakenChoice) => planning.chooseForAll(choice)}
        options={[
          {
            value: "reuse",
            label: "Keep the existing files",
            hint: "Their links are not sent.",
          },
          {
            value: "suffix",
            label: "Add the new ones under a new identifier",
            hint: "With a number behind it, such as chair-2.",
          },
          {
            value: "replace",
            label: "Delete the existing files, then send",
            hint: "Their public URLs stop working; the new files get others.",
          },
        ]}
      />
      <p className="mt-2 text-[0.8125rem] text-muted">
        For all of them; each row below can choose otherwise.
      </p>
    </div>
  );
}

function RepeatedPanel({ planning }: { planning: LinkPlanning }) {
  const count = planning.plan.items.filter(
    ({ remarks }) => remarks.length > 0,
  ).length;
  if (count === 0) return null;
  return (
    <Checkbox
      checked={!planning.choices.keepsRepeated}
      onChange={({ target }) => planning.keepRepeated(!target.checked)}
      label={`Leave out repeated links (${formatCount(count, "row")})`}
      hint="An earlier row has the same link and identifier. Sent as well, they become files of their own."
    />
  );
}

function SendButton({
  count,
  replaced,
  isReady,
  isStarting,
  onSend,
}: {
  count: number;
  replaced: number;
  isReady: boolean;
  isStarting: boolean;
  onSend: () => void;
}) {
  const label =
    count > 0 ? `Send ${formatCount(count, "link")}` : "Nothing to send";
  const button = (
    <Button
      variant="primary"
      disabled={!isReady}
      isLoading={isStarting}
      {...(replaced === 0 && { onClick: onSend })}
    >
      <Send aria-hidden />
      {label}
    </Button>
  );
  if (replaced === 0) return button;
  return (
    <AlertDialog
      trigger={button}
      title={`Delete ${formatCount(replaced, "file")} and send ${formatCount(count, "link")}?`}
      description="The files that have these identifiers are removed for good and their public URLs stop working. The new files get public URLs of their own."
      confirmLabel={`Delete ${formatCount(replaced, "file")} and send`}
      onConfirm={() => {
        onSend();
        return Promise.resolve();
      }}
    />
  );
}
