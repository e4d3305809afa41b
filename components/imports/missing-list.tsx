"use client";

import { Download, Search, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { deleteList } from "@/lib/client/mirror-run";
import { saveBlob } from "@/lib/client/save-blob";
import { needsTyping, type MissingEntries } from "@/lib/domain/mirror";
import { missingWords as words } from "@/lib/wording/missing-entries";

import { MissingRows } from "./missing-rows";

type MissingListProps = {
  found: MissingEntries;
  source: { id: string; name: string };
  fileName: string;
  onPlan: (keys: string[]) => void;
};

const NONE: ReadonlySet<string> = new Set();

/** The missing entries to look through; those that stay ticked may be deleted. */
export function MissingList({
  found,
  source,
  fileName,
  onPlan,
}: MissingListProps) {
  const { keys, sourceEntries, rowsWithoutKey } = found;
  const [unticked, setUnticked] = useState(NONE);
  const [search, setSearch] = useState("");
  const shown = useMemo(() => {
    const text = search.trim().toLowerCase();
    return text === ""
      ? keys
      : keys.filter((key) => key.toLowerCase().includes(text));
  }, [keys, search]);
  const count = keys.length - unticked.size;
  const ticked = () => keys.filter((key) => !unticked.has(key));

  function tick(which: readonly string[], isTicked: boolean) {
    const next = new Set(unticked);
    for (const key of which) {
      if (isTicked) next.delete(key);
      else next.add(key);
    }
    setUnticked(next);
  }

  return (
    <div className="space-y-3">
      <p className="text-sm font-medium">
        {words.found(keys.length, sourceEntries, source.name)}
      </p>
      {rowsWithoutKey > 0 && (
        <p className="text-sm text-warning-text">
          {words.rejected(rowsWithoutKey)}
        </p>
      )}
      <p className="text-[0.8125rem] text-muted">{words.review}</p>
      <div className="flex flex-wrap items-center gap-2">
        <span className="relative min-w-40 flex-1 sm:max-w-64">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted"
          />
          <Input
            type="search"
            aria-label={words.search}
            placeholder={words.search}
            className="pl-8"
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        </span>
        <Button size="sm" onClick={() => tick(shown, true)}>
          {words.tickShown}
        </Button>
        <Button size="sm" onClick={() => tick(shown, false)}>
          {words.untickShown}
        </Button>
        <p role="status" className="text-[0.8125rem] text-muted tabular-nums">
          {words.ticked(count, keys.length)}
        </p>
      </div>
      {shown.length === 0 ? (
        <p className="text-sm text-muted">{words.noMatch}</p>
      ) : (
        <MissingRows
          sourceId={source.id}
          keys={shown}
          unticked={unticked}
          onTick={(key, isTicked) => tick([key], isTicked)}
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          onClick={() => {
            const list = deleteList(ticked(), fileName);
            saveBlob(list, list.name);
          }}
        >
          <Download aria-hidden />
          {words.download}
        </Button>
        {count > 0 && (
          <AlertDialog
            trigger={
              <Button variant="dangerQuiet">
                <Trash2 aria-hidden />
                {words.plan(count)}
              </Button>
            }
            title={words.confirm(count)}
            description={words.confirmText(count, sourceEntries, source.name)}
            confirmLabel={words.confirmLabel}
            {...(needsTyping(count, sourceEntries) && {
              typedConfirmation: String(count),
            })}
            onConfirm={() => {
              onPlan(ticked());
              return Promise.resolve(undefined);
            }}
          />
        )}
      </div>
    </div>
  );
}
