"use client";

import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck, RefreshCw, Truck } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { RelativeTime } from "@/components/ui/relative-time";
import { importQueries } from "@/lib/client/import-queries";
import type { RunActions } from "@/lib/client/run-actions";
import type { ImportRun } from "@/lib/domain/import-run";
import { remoteSentence } from "@/lib/domain/remote-answer";
import { deliveryWords } from "@/lib/wording/endpoints";

/** How far the batches of a run into a remote source are; nothing for a built-in one. */
export function RunDelivery({
  run,
  release,
}: {
  run: ImportRun;
  /** Missing for who may only read. */
  release?: RunActions["releaseRun"] | undefined;
}) {
  const { delivery, applied, batchesTotal } = run;
  if (!delivery) return null;
  const { endpointName, batches, isHeld, lastAnswer, retryAt } = delivery;
  const isFailing = lastAnswer !== null && batches > 0;
  return (
    <section
      aria-label={deliveryWords.title}
      className="space-y-4 rounded-card border border-border bg-surface p-6 shadow-card"
    >
      <p role="status" className="flex items-start gap-2.5 text-sm">
        {batches > 0 ? (
          <Truck aria-hidden className="size-5 shrink-0 text-muted" />
        ) : (
          <CircleCheck
            aria-hidden
            className="size-5 shrink-0 text-success-text"
          />
        )}
        {batches > 0
          ? deliveryWords.waiting(batches, endpointName)
          : deliveryWords.done(endpointName)}
      </p>
      {batches > 0 && (
        <Progress
          label={deliveryWords.share}
          value={applied.batches}
          max={batchesTotal}
          tone={isHeld ? "neutral" : "accent"}
        />
      )}
      {isFailing && (
        <Notice
          tone={isHeld ? "danger" : "warning"}
          title={isHeld ? deliveryWords.held : deliveryWords.retry}
          isLive
          actions={release && <SendAgain run={run} release={release} />}
        >
          {remoteSentence(lastAnswer, endpointName)}
          {!isHeld && retryAt && (
            <>
              {` ${deliveryWords.next} `}
              <RelativeTime at={retryAt} />.
            </>
          )}
        </Notice>
      )}
    </section>
  );
}

function SendAgain({
  run,
  release,
}: {
  run: ImportRun;
  release: RunActions["releaseRun"];
}) {
  const queryClient = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function send() {
    setIsBusy(true);
    setProblem(undefined);
    try {
      const result = await release(run.id);
      if (!result.ok) setProblem(result.error.message);
      await queryClient.invalidateQueries({ queryKey: importQueries.all() });
    } catch {
      setProblem(deliveryWords.unsent);
    }
    setIsBusy(false);
  }

  return (
    <>
      <Button size="sm" isLoading={isBusy} onClick={() => void send()}>
        <RefreshCw aria-hidden />
        {deliveryWords.again}
      </Button>
      {problem && <span className="text-sm">{problem}</span>}
    </>
  );
}
