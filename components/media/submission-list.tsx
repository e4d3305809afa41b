"use client";

import { CircleAlert, RotateCcw, X } from "lucide-react";
import Link from "next/link";
import { toast } from "sonner";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { classNames } from "@/lib/client/class-names";
import { formatBytes, formatNumber } from "@/lib/client/format-number";
import type { MediaActions } from "@/lib/client/media-actions";
import { isOpen } from "@/lib/client/media-texts";
import { failureText } from "@/lib/domain/media-failure";
import type { MediaFile } from "@/lib/domain/media";
import type { LinkToSend, RefusedLink } from "@/lib/domain/media-page";
import { remoteNoteText } from "@/lib/wording/remote-media";

import { hasBytes, MediaBytes, MediaStateBadge } from "./media-state";
import { MediaThumbnail } from "./media-thumbnail";
import type { StateCounts } from "./state-counts";
import { useFileAddress } from "./use-media-view";
import { VirtualList } from "./virtual-list";

const ROW_PX = 65;

export type SubmissionShown = "all" | "open" | "failed" | "completed";

type Item =
  | { is: "file"; file: MediaFile }
  | { is: "refused"; link: LinkToSend; message: string };

type SubmissionListProps = {
  files: readonly MediaFile[];
  /** All links of the submission, where this browser still knows them. */
  links: readonly LinkToSend[];
  refused: readonly RefusedLink[];
  counts: StateCounts;
  shown: SubmissionShown;
  onShow: (shown: SubmissionShown) => void;
  actions: MediaActions | undefined;
  refetch: () => void;
};

export function SubmissionList({
  files,
  links,
  refused,
  counts,
  shown,
  onShow,
  actions,
  refetch,
}: SubmissionListProps) {
  const failed = counts.failed + refused.length;
  const tabs: { value: SubmissionShown; label: string; count: number }[] = [
    { value: "all", label: "All", count: files.length + refused.length },
    {
      value: "open",
      label: "Under way",
      count: counts.created + counts.progress,
    },
    { value: "failed", label: "Failed", count: failed },
    { value: "completed", label: "Done", count: counts.completed },
  ];
  const items = [
    ...refusedItems(shown, refused, links),
    ...files
      .filter((file) => isShown(file, shown))
      .map((file): Item => ({ is: "file", file })),
  ];
  return (
    <div className="space-y-3">
      <div
        role="group"
        aria-label="Files shown"
        className="flex w-fit max-w-full gap-0.5 overflow-x-auto rounded-control bg-sunken p-0.5"
      >
        {tabs.map(({ value, label, count }) => (
          <Button
            key={value}
            size="sm"
            variant={shown === value ? "secondary" : "ghost"}
            aria-pressed={shown === value}
            onClick={() => onShow(value)}
          >
            {label}
            <span className="text-muted tabular-nums">
              {formatNumber(count)}
            </span>
          </Button>
        ))}
      </div>
      {items.length === 0 ? (
        <p className="rounded-card border border-border bg-surface px-4 py-10 text-center text-sm text-muted">
          None of the files is like that.
        </p>
      ) : (
        <VirtualList
          label="Files of the submission"
          items={items}
          keyOf={(item) =>
            item.is === "file" ? item.file.id : item.link.position
          }
          rowHeight={ROW_PX}
        >
          {(item) =>
            item.is === "file" ? (
              <FileRow file={item.file} actions={actions} refetch={refetch} />
            ) : (
              <RefusedRow link={item.link} message={item.message} />
            )
          }
        </VirtualList>
      )}
    </div>
  );
}

function refusedItems(
  shown: SubmissionShown,
  refused: readonly RefusedLink[],
  links: readonly LinkToSend[],
): Item[] {
  if (shown !== "all" && shown !== "failed") return [];
  return refused.flatMap(({ position, message }): Item[] => {
    const link = links[position];
    return link ? [{ is: "refused", link, message }] : [];
  });
}

function isShown(file: MediaFile, shown: SubmissionShown): boolean {
  if (shown === "all") return true;
  return shown === "open" ? isOpen(file) : file.state === shown;
}

function FileRow({
  file,
  actions,
  refetch,
}: {
  file: MediaFile;
  actions: MediaActions | undefined;
  refetch: () => void;
}) {
  const addressOf = useFileAddress();
  async function act(action: "retry" | "cancel") {
    const result = await actions?.[action]([file.id]).catch(() => undefined);
    if (!result?.ok) {
      toast.error(result?.error.message ?? "The server could not be reached.");
    }
    refetch();
  }
  return (
    <div className="flex items-start gap-3 px-4 py-3 text-sm">
      <MediaThumbnail
        file={file}
        className="size-10 shrink-0 rounded-md border border-border"
      />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1.5">
          <div className="min-w-0 flex-1 basis-52">
            <p className="flex min-w-0 flex-wrap items-baseline gap-x-3">
              <Link
                href={addressOf(file.id)}
                scroll={false}
                className="truncate rounded-sm font-medium text-accent-text hover:underline"
              >
                {file.filename}
              </Link>
              {file.uniqueIdentifier !== null && (
                <span className="min-w-0 truncate font-mono text-xs">
                  {file.uniqueIdentifier}
                </span>
              )}
            </p>
            <p
              className="mt-0.5 truncate font-mono text-xs text-muted"
              title={file.sourceUrl ?? undefined}
            >
              {file.sourceUrl}
            </p>
          </div>
          <div className="flex items-center gap-2.5">
            {file.state === "progress" && hasBytes(file) && (
              <MediaBytes file={file} />
            )}
            {file.state === "completed" && (
              <span className="text-xs text-muted tabular-nums">
                {formatBytes(file.sizeBytes ?? 0)}
              </span>
            )}
            <MediaStateBadge file={file} />
            {actions && isOpen(file) && (
              <Button
                variant="ghost"
                size="iconSm"
                aria-label={`Cancel ${file.filename}`}
                title="Cancel"
                onClick={() => act("cancel")}
              >
                <X aria-hidden />
              </Button>
            )}
            {actions &&
              (file.state === "failed" || file.state === "cancelled") && (
                <Button
                  variant="ghost"
                  size="iconSm"
                  aria-label={`Retry ${file.filename}`}
                  title="Retry"
                  onClick={() => act("retry")}
                >
                  <RotateCcw aria-hidden />
                </Button>
              )}
          </div>
        </div>
        {file.failure && (
          <p className="mt-1 text-[0.8125rem] text-danger-text">
            {failureText(file.failure)}
          </p>
        )}
        {file.remote?.note && !file.remote.isHeld && (
          <p
            className={classNames(
              "mt-1 text-[0.8125rem] break-words",
              file.state === "failed" ? "text-danger-text" : "text-muted",
            )}
          >
            {remoteNoteText(file.remote.note, file.remote)}
          </p>
        )}
        {isOpen(file) && !file.remote?.isHeld && file.attempts > 0 && (
          <p className="mt-1 text-[0.8125rem] text-muted">
            {`Tried ${file.attempts === 1 ? "once" : `${file.attempts} times`}; it is tried again in a while.`}
          </p>
        )}
      </div>
    </div>
  );
}

function RefusedRow({ link, message }: { link: LinkToSend; message: string }) {
  return (
    <div className="flex items-start gap-3 px-4 py-3 text-sm">
      <span className="flex size-10 shrink-0 items-center justify-center rounded-md border border-border bg-sunken text-danger-text">
        <CircleAlert aria-hidden className="size-4" />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-start justify-between gap-2">
          <p className="min-w-0 truncate font-medium">{link.filename}</p>
          <Badge tone="danger" hasDot>
            Refused
          </Badge>
        </div>
        <p className="mt-0.5 truncate font-mono text-xs text-muted">
          {link.link}
        </p>
        <p className="mt-1 text-[0.8125rem] text-danger-text">{message}</p>
      </div>
    </div>
  );
}
