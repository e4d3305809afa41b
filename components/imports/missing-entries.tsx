"use client";

import { useEffect, useRef, useState } from "react";

import { Section } from "@/components/ui/card";
import { Button } from "@/components/ui/button";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { findMissing } from "@/lib/client/find-missing";
import type { OpenedFile } from "@/lib/client/import-session";
import { readKeyPage } from "@/lib/client/mirror-queries";
import type { RowsClient } from "@/lib/client/rows-client";
import { mirrorDoubt, type MissingEntries as Found } from "@/lib/domain/mirror";
import {
  MISSING_DOUBTS,
  missingWords as words,
} from "@/lib/wording/missing-entries";

import { MissingList } from "./missing-list";

type MissingEntriesProps = {
  source: { id: string; name: string };
  opened: OpenedFile;
  ask: RowsClient["ask"];
  /** How many are to be deleted after the import, if that was decided. */
  planned: number | undefined;
  onPlan: (plan: { keys: string[]; at: string } | undefined) => void;
};

type Search =
  | { is: "off" }
  | { is: "finding"; compared: number }
  | { is: "failed"; message: string }
  | { is: "found"; found: Found };

/** Finds the entries of the source that the file lacks, for somebody to review; off until asked for. */
export function MissingEntries({
  source,
  opened,
  ask,
  planned,
  onPlan,
}: MissingEntriesProps) {
  const [search, setSearch] = useState<Search>({ is: "off" });
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);

  async function find() {
    const own = new AbortController();
    stopping.current?.abort();
    stopping.current = own;
    const set = (next: Search) => {
      if (!own.signal.aborted) setSearch(next);
    };
    set({ is: "finding", compared: 0 });
    const { preview, mapping } = opened;
    try {
      const found = await findMissing({
        table: { options: preview.options, mapping },
        ask,
        readKeys: (after, signal) => readKeyPage(source.id, after, signal),
        signal: own.signal,
        onProgress: (compared) => set({ is: "finding", compared }),
      });
      set({ is: "found", found });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      set({ is: "failed", message });
    }
  }
  function stop() {
    stopping.current?.abort();
    setSearch({ is: "off" });
  }

  // Rejected rows are a few of a file: nearly all entries would be missing.
  if (opened.continued) return null;
  if (planned !== undefined) {
    return (
      <Notice
        tone="warning"
        title={words.title}
        actions={
          <Button size="sm" onClick={() => onPlan(undefined)}>
            {words.change}
          </Button>
        }
        isLive
      >
        {words.planned(planned)}
      </Notice>
    );
  }
  const isFinding = search.is === "finding";
  return (
    <Section
      title={words.title}
      description={
        search.is === "off"
          ? words.off(source.name)
          : isFinding
            ? words.finding(search.compared)
            : undefined
      }
      actions={
        isFinding ? (
          <Button size="sm" onClick={stop}>
            {words.stop}
          </Button>
        ) : (
          search.is !== "found" && (
            <Button size="sm" onClick={() => void find()}>
              {search.is === "failed" ? words.again : words.find}
            </Button>
          )
        )
      }
      isPadded={search.is === "found" || search.is === "failed"}
    >
      {search.is === "failed" && (
        <Notice tone="danger">{search.message}</Notice>
      )}
      {search.is === "found" && (
        <FoundEntries
          found={search.found}
          source={source}
          fileName={opened.file.name}
          onPlan={onPlan}
        />
      )}
      <LiveRegion>{spoken(search, source.name)}</LiveRegion>
    </Section>
  );
}

function FoundEntries({
  found,
  source,
  fileName,
  onPlan,
}: Pick<MissingEntriesProps, "source" | "onPlan"> & {
  found: Found;
  fileName: string;
}) {
  const doubt = mirrorDoubt(found);
  if (doubt) {
    return <Notice tone="warning">{MISSING_DOUBTS[doubt](source.name)}</Notice>;
  }
  if (found.keys.length === 0) {
    return <p className="text-sm text-muted">{words.none(source.name)}</p>;
  }
  return (
    <MissingList
      {...{ found, source, fileName }}
      onPlan={(keys) => onPlan({ keys, at: found.at })}
    />
  );
}

function spoken(search: Search, source: string): string {
  if (search.is === "finding") return words.finding(0);
  if (search.is !== "found") return "";
  const { keys, sourceEntries } = search.found;
  return keys.length === 0
    ? words.none(source)
    : words.found(keys.length, sourceEntries, source);
}
