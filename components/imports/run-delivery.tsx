"use client";

import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CirclePause, RefreshCw, Truck, X } from "lucide-react";
import { useState } from "react";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { ClockTime } from "@/components/ui/clock-time";
import { TextLink } from "@/components/ui/text-link";
import { importQueries } from "@/lib/client/import-queries";
import { paths } from "@/lib/client/paths";
import type { RunActions } from "@/lib/client/run-actions";
import { isHandedOver, type ImportRun } from "@/lib/domain/import-run";
import {
  DELIVERY_WORDS as WORDS,
  deliverySentence,
  heldTitle,
  sentSentence,
} from "@/lib/wording/delivery";

type Actions = Pick<RunActions, "releaseRun" | "cancelRun">;

/** How far the batches of a run into a remote source are, and who has to do what; nothing for a built-in one. */
export function RunDelivery({
  run,
  actions,
}: {
  run: ImportRun;
  /** Missing for who may only read. */
  actions?: Actions | undefined;
}) {
  const { delivery, applied, batchesTotal } = run;
  if (!delivery) return null;
  const { endpointName, batches, isHeld, lastAnswer, retryAt, after } =
    delivery;
  const isWaiting = batches > 0;
  const isAllAccepted =
    !isWaiting && applied.batches > 0 && applied.aside === 0;
  const Icon = isHeld ? CirclePause : isAllAccepted ? CircleCheck : Truck;
  const said = isHeld ? WORDS.waitingHeld : WORDS.waiting;
  return (
    <section
      aria-label={WORDS.title}
      className="space-y-4 rounded-card border border-border bg-surface p-6 shadow-card"
    >
      <p role="status" className="flex items-start gap-2.5 text-sm">
        <Icon
          aria-hidden
          className={
            isAllAccepted
              ? "size-5 shrink-0 text-success-text"
              : "size-5 shrink-0 text-muted"
          }
        />
        {isWaiting
          ? said(batches, endpointName)
          : sentSentence(endpointName, applied)}
      </p>
      {isWaiting && (
        <Progress
          label={WORDS.share}
          value={applied.batches}
          max={batchesTotal}
          tone={isHeld ? "neutral" : "accent"}
        />
      )}
      {isWaiting && after && (
        <p className="text-sm text-muted">
          {`${WORDS.after} `}
          <TextLink href={paths.importRun(after.id)}>{after.fileName}</TextLink>
        </p>
      )}
      {isWaiting && lastAnswer && (
        <Notice
          tone={isHeld ? "danger" : "warning"}
          title={isHeld ? heldTitle(lastAnswer.outcome) : WORDS.retry}
          isLive
          actions={actions && <SendAgain run={run} actions={actions} />}
        >
          {deliverySentence(lastAnswer, delivery, run.source.identifier)}
          {!isHeld && retryAt && (
            <>
              {` ${WORDS.next} `}
              <ClockTime at={retryAt} />.
            </>
          )}
        </Notice>
      )}
      {actions && isHandedOver(run) && (
        <CancelDelivery run={run} actions={actions} />
      )}
    </section>
  );
}

function CancelDelivery({
  run,
  actions,
}: {
  run: ImportRun;
  actions: Actions;
}) {
  const queryClient = useQueryClient();
  const { batches = 0, endpointName = "" } = run.delivery ?? {};
  return (
    <AlertDialog
      trigger={
        <Button variant="dangerQuiet">
          <X aria-hidden />
          {WORDS.cancel}
        </Button>
      }
      title={WORDS.cancelTitle}
      description={WORDS.cancelText(batches, endpointName)}
      confirmLabel={WORDS.cancel}
      onConfirm={async () => {
        const result = await actions.cancelRun(run.id);
        if (!result.ok) return result.error.message;
        await queryClient.invalidateQueries({ queryKey: importQueries.all() });
        return undefined;
      }}
    />
  );
}

function SendAgain({ run, actions }: { run: ImportRun; actions: Actions }) {
  const queryClient = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function send() {
    setIsBusy(true);
    setProblem(undefined);
    try {
      const result = await actions.releaseRun(run.id);
      if (!result.ok) setProblem(result.error.message);
      await queryClient.invalidateQueries({ queryKey: importQueries.all() });
    } catch {
      setProblem(WORDS.unsent);
    }
    setIsBusy(false);
  }

  return (
    <>
      <Button size="sm" isLoading={isBusy} onClick={() => void send()}>
        <RefreshCw aria-hidden />
        {WORDS.again}
      </Button>
      {problem && <span className="text-sm">{problem}</span>}
    </>
  );
}
