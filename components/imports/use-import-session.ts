"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";

import { readKnownKeys } from "@/lib/client/entry-queries";
import { ImportController } from "@/lib/client/import-controller";
import { importQueries } from "@/lib/client/import-queries";
import type { ImportSession } from "@/lib/client/import-session";
import { startImportWorker } from "@/lib/client/import-worker";
import { offerRecipe } from "@/lib/client/recipe-offer";
import { recipeQueries } from "@/lib/client/recipe-queries";
import type { RunActions } from "@/lib/client/run-actions";
import { sourceQueries } from "@/lib/client/source-queries";
import { stayOnPage } from "@/lib/client/stay-on-page";
import { tabId } from "@/lib/client/tab-id";
import type { ImportRun } from "@/lib/domain/import-run";
import type { SourceProperty } from "@/lib/domain/source";
import { SEND_WORDS } from "@/lib/wording/import-send";

/** A file opens no later for a slow server. */
const LOOK_UP_MS_MAX = 3_000;

type SessionOptions = {
  sourceId: string;
  /** The source has entries, so that keys can be recognised. */
  hasEntries: boolean;
  properties: readonly SourceProperty[];
  actions: RunActions;
  resumed?: ImportRun;
};

/** The import of one tab: its state, and everything that moves it on. Warns before the page is left while it sends. */
export function useImportSession(options: SessionOptions): {
  session: ImportSession;
  controller: ImportController;
} {
  const queryClient = useQueryClient();
  const [controller] = useState(
    () =>
      new ImportController({
        ...options,
        findKnownKeys: options.hasEntries
          ? (keys) =>
              readKnownKeys(
                options.sourceId,
                keys,
                AbortSignal.timeout(LOOK_UP_MS_MAX),
              )
          : undefined,
        findRecipe: (preview) =>
          offerRecipe(
            {
              list: () =>
                queryClient.fetchQuery({
                  ...recipeQueries.list(options.sourceId),
                  staleTime: 0,
                }),
              get: (id) =>
                queryClient.fetchQuery({
                  ...recipeQueries.one(id),
                  staleTime: 0,
                }),
              lastFile: (id) =>
                queryClient.fetchQuery({
                  ...recipeQueries.lastFile(id),
                  staleTime: 0,
                }),
            },
            preview,
          ),
        tabId,
        startWorker: startImportWorker,
        findRun: (runId) =>
          queryClient.fetchQuery({ ...importQueries.run(runId), staleTime: 0 }),
        wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        nowMs: () => performance.now(),
      }),
  );
  const session = useSyncExternalStore(
    controller.subscribe,
    controller.session,
    controller.session,
  );
  useEffect(() => () => controller.dispose(), [controller]);

  const isSending =
    session.at === "sending" &&
    session.hold.is !== "paused" &&
    !(session.hold.is === "refused" && session.hold.remedy === "none");
  useWarningBeforeLeaving(isSending);
  const hasEnded = session.at === "ended";
  const holdsFile = session.at !== "idle" && !hasEnded;
  useEffect(() => (holdsFile ? stayOnPage() : undefined), [holdsFile]);
  useEffect(() => {
    if (hasEnded) {
      void queryClient.invalidateQueries({ queryKey: importQueries.all() });
      void queryClient.invalidateQueries({ queryKey: sourceQueries.all() });
    }
  }, [hasEnded, queryClient]);
  return { session, controller };
}

function useWarningBeforeLeaving(isNeeded: boolean) {
  useEffect(() => {
    if (!isNeeded) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link =
        event.target instanceof Element && event.target.closest("a[href]");
      if (!link || link.getAttribute("target") === "_blank") return;
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (!window.confirm(SEND_WORDS.leaving)) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, true);
    };
  }, [isNeeded]);
}
