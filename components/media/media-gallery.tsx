"use client";

import Link from "next/link";

import { formatBytes } from "@/lib/client/format-number";
import { arrivedText } from "@/lib/client/media-texts";
import type { MediaFile } from "@/lib/domain/media";

import { MediaStateBadge } from "./media-state";
import { MediaThumbnail } from "./media-thumbnail";
import { useFileAddress } from "./use-media-view";

export function MediaGallery({ files }: { files: readonly MediaFile[] }) {
  const addressOf = useFileAddress();
  return (
    <ul
      aria-label="Media files"
      className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-5"
    >
      {files.map((file) => (
        <li key={file.id} className="min-w-0">
          <Link
            href={addressOf(file.id)}
            scroll={false}
            className="group flex h-full flex-col overflow-hidden rounded-card border border-border bg-surface shadow-card transition-colors hover:border-border-strong"
          >
            <span className="relative block">
              <MediaThumbnail
                file={file}
                className="aspect-[4/3] w-full border-b border-border"
              />
              {file.state !== "completed" && (
                <span className="absolute top-2 left-2 rounded-full bg-surface">
                  <MediaStateBadge file={file} />
                </span>
              )}
            </span>
            <span className="block min-w-0 px-3 py-2.5">
              <span
                className="block truncate text-sm font-medium group-hover:underline"
                title={file.filename}
              >
                {file.filename}
              </span>
              <span
                className="mt-0.5 block truncate font-mono text-xs text-muted"
                title={file.uniqueIdentifier ?? undefined}
              >
                {file.uniqueIdentifier ?? "no identifier"}
              </span>
              <span className="mt-1 block truncate text-xs text-muted">
                {sizeText(file)}
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function sizeText(file: MediaFile): string {
  if (file.state === "progress") return arrivedText(file);
  if (file.state !== "completed") return file.extension.toUpperCase() || " ";
  const { image } = file.mediaInfo ?? {};
  return [
    file.extension.toUpperCase(),
    image && `${image.width} × ${image.height}`,
    formatBytes(file.sizeBytes ?? 0),
  ]
    .filter(Boolean)
    .join(" · ");
}
