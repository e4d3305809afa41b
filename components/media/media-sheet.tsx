"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ExternalLink, RotateCcw, Trash2, X } from "lucide-react";
import { toast } from "sonner";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { buttonStyle } from "@/components/ui/button-style";
import { CopyableText } from "@/components/ui/copyable-text";
import { DescriptionList } from "@/components/ui/description-list";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import { TextLink } from "@/components/ui/text-link";
import { formatBytes } from "@/lib/client/format-number";
import { formatDuration } from "@/lib/client/format-time";
import type { MediaActions } from "@/lib/client/media-actions";
import { mediaAddress } from "@/lib/client/media-address";
import { mediaQueries } from "@/lib/client/media-queries";
import { isOpen } from "@/lib/client/media-texts";
import { mediaViewParams } from "@/lib/client/media-view";
import { paths } from "@/lib/client/paths";
import { failureText } from "@/lib/domain/media-failure";
import type { MediaFile } from "@/lib/domain/media";
import { isHttpAddress } from "@/lib/domain/remote-media";
import {
  remoteMediaWords as words,
  remoteNoteText,
} from "@/lib/wording/remote-media";

import { hasBytes, MediaBytes, MediaStateBadge } from "./media-state";
import { MediaPreview } from "./media-preview";
import { useMediaBase } from "./media-base";
import { useMediaView } from "./use-media-view";

const POLL_MS = 1_000;

type SheetProps = {
  fileId: string;
  /** Missing for who may only read. */
  actions: MediaActions | undefined;
};

/** One file: what it looks like, its address, what is known of it, what can be done with it. */
export function MediaSheet({ fileId, actions }: SheetProps) {
  const { show } = useMediaView();
  const { data: file, error } = useQuery({
    ...mediaQueries.file(fileId),
    refetchInterval: ({ state }) =>
      state.data && isOpen(state.data) ? POLL_MS : false,
  });
  const close = () => show({ file: null });
  return (
    <Dialog
      open
      onOpenChange={(isShown) => {
        if (!isShown) close();
      }}
      size="lg"
      title={
        <span className="break-all">{file ? file.filename : "Media file"}</span>
      }
      footer={
        file &&
        actions &&
        (file.remote === null || file.state !== "completed") && (
          <SheetActions {...{ file, actions }} onDeleted={close} />
        )
      }
    >
      {file ? (
        <SheetBody file={file} />
      ) : error ? (
        <Notice tone="danger" title="This file could not be read">
          {error.message}
        </Notice>
      ) : (
        <div role="status" aria-label="Loading" className="space-y-3">
          <Skeleton className="h-56 w-full" />
          <Skeleton className="w-2/3" />
          <Skeleton className="w-1/2" />
        </div>
      )}
    </Dialog>
  );
}

function SheetBody({ file }: { file: MediaFile }) {
  const base = useMediaBase();
  const { remote } = file;
  const address = remote
    ? remote.publicUrl
    : mediaAddress(file.publicUrl, base);
  return (
    <div className="space-y-5">
      {/* What is elsewhere is not looked at from here: that host would know who does. */}
      {file.state === "completed" && !remote && <MediaPreview file={file} />}
      <div className="flex flex-wrap items-center gap-3">
        <MediaStateBadge file={file} />
        {file.state === "progress" && hasBytes(file) && (
          <MediaBytes file={file} />
        )}
        {file.state === "completed" && address && isHttpAddress(address) && (
          <a
            href={address}
            target="_blank"
            rel="noreferrer"
            className={buttonStyle({ size: "sm" })}
          >
            <ExternalLink aria-hidden />
            Open the file
          </a>
        )}
      </div>
      {file.failure && (
        <Notice tone="danger">{failureText(file.failure)}</Notice>
      )}
      {remote?.note && (
        <Notice tone={file.state === "failed" ? "danger" : "warning"}>
          <span className="break-words">
            {remoteNoteText(remote.note, remote)}
          </span>
        </Notice>
      )}
      <Addresses file={file} address={address} />
      <DescriptionList className="lg:grid-cols-3" facts={factsOf(file)} />
    </div>
  );
}

function Addresses({
  file,
  address,
}: {
  file: MediaFile;
  address: string | null;
}) {
  const { remote } = file;
  const rows = [
    {
      name: remote ? words.publicUrl : "Public URL",
      label: "public URL",
      text: address,
    },
    {
      name: "Unique identifier",
      label: "unique identifier",
      text: file.uniqueIdentifier,
    },
    {
      name: remote ? words.fileId : "File id",
      label: "file id",
      text: remote ? remote.fileId : file.id,
    },
    { name: "Fetched from", label: "link", text: file.sourceUrl },
  ];
  return (
    <dl className="space-y-3">
      {rows.map(({ name, label, text }) => (
        <div key={name}>
          {text !== null && (
            <>
              <dt className="mb-1 text-xs font-medium text-muted">{name}</dt>
              <dd>
                <CopyableText text={text} label={label} />
              </dd>
            </>
          )}
        </div>
      ))}
    </dl>
  );
}

function factsOf(file: MediaFile) {
  const { image, video } = file.mediaInfo ?? {};
  return [
    { name: "Type", value: file.mimeType ?? "unknown" },
    {
      name: "Size",
      value: file.sizeBytes === null ? "unknown" : formatBytes(file.sizeBytes),
    },
    ...(image
      ? [
          {
            name: "Width and height",
            value: `${image.width} × ${image.height}`,
          },
          {
            name: "Resolution",
            value: `${image.resolution.horizontal} × ${image.resolution.vertical} per inch`,
          },
        ]
      : []),
    ...(video
      ? [
          { name: "Duration", value: formatDuration(video.durationInSeconds) },
          {
            name: "Aspect ratio",
            value: `${video.aspectRatio.width}:${video.aspectRatio.height}`,
          },
        ]
      : []),
    ...(file.remote
      ? [
          {
            name: words.endpoint,
            value: `${file.remote.endpointName} (${file.remote.host})`,
          },
        ]
      : []),
    { name: "Added", value: <RelativeTime at={file.createdAt} /> },
    { name: "By", value: file.actorName },
    {
      name: "Came",
      value:
        file.origin === "upload" ? (
          "by upload"
        ) : file.submissionId ? (
          <TextLink
            href={paths.media(
              mediaViewParams({ submission: file.submissionId }),
            )}
          >
            with a submission of links
          </TextLink>
        ) : (
          "by link"
        ),
    },
  ];
}

function SheetActions({
  file,
  actions,
  onDeleted,
}: {
  file: MediaFile;
  actions: MediaActions;
  onDeleted: () => void;
}) {
  const queryClient = useQueryClient();
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: mediaQueries.all() });
  async function act(action: "retry" | "cancel") {
    const result = await actions[action]([file.id]).catch(() => undefined);
    if (!result?.ok) {
      toast.error(result?.error.message ?? "The server could not be reached.");
    }
    await refresh();
  }
  async function remove(): Promise<string | undefined> {
    const result = await actions.remove(file.id);
    if (!result.ok) return result.error.message;
    toast.success(`${file.filename} was deleted`);
    onDeleted();
    await refresh();
  }
  const mayRetry =
    file.origin === "link" &&
    (file.state === "failed" ||
      file.state === "cancelled" ||
      file.remote?.isHeld === true);
  return (
    <>
      {mayRetry && (
        <Button onClick={() => act("retry")}>
          <RotateCcw aria-hidden />
          Retry
        </Button>
      )}
      {file.origin === "link" && isOpen(file) && (
        <Button onClick={() => act("cancel")}>
          <X aria-hidden />
          {file.remote ? "Cancel" : "Cancel the download"}
        </Button>
      )}
      {file.remote === null && (
        <AlertDialog
          trigger={
            <Button variant="dangerQuiet">
              <Trash2 aria-hidden />
              Delete…
            </Button>
          }
          title={`Delete ${file.filename}?`}
          description={consequences(file)}
          confirmLabel="Delete this file"
          onConfirm={remove}
        />
      )}
    </>
  );
}

function consequences({ state, uniqueIdentifier }: MediaFile): string {
  const url =
    state === "completed"
      ? "The file is removed for good and its public URL stops working: entries and pages that show it will show nothing."
      : "It is removed from the list for good.";
  return uniqueIdentifier === null
    ? url
    : `${url} The unique identifier ${uniqueIdentifier} is free again for another file.`;
}
