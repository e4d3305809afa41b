"use client";

import Link from "next/link";

import { RelativeTime } from "@/components/ui/relative-time";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatBytes } from "@/lib/client/format-number";
import type { MediaFile } from "@/lib/domain/media";

import { MediaBytes, MediaStateBadge } from "./media-state";
import { MediaThumbnail } from "./media-thumbnail";
import { useFileAddress } from "./use-media-view";

export function MediaTable({ files }: { files: readonly MediaFile[] }) {
  const addressOf = useFileAddress();
  return (
    <Table label="Media files">
      <TableHead>
        <TableRow>
          <TableHeader>File</TableHeader>
          <TableHeader>Unique identifier</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader>Type</TableHeader>
          <TableHeader isNumeric>Size</TableHeader>
          <TableHeader>By</TableHeader>
          <TableHeader>Added</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {files.map((file) => (
          <TableRow key={file.id}>
            <TableHeader scope="row" className="max-w-72 py-2">
              <Link
                href={addressOf(file.id)}
                scroll={false}
                className="flex items-center gap-3 rounded-sm text-accent-text hover:underline"
              >
                <MediaThumbnail
                  file={file}
                  className="size-10 shrink-0 rounded-md"
                />
                <span className="min-w-0 truncate" title={file.filename}>
                  {file.filename}
                </span>
              </Link>
            </TableHeader>
            <TableCell
              className="max-w-56 truncate py-2 font-mono text-[0.8125rem]"
              title={file.uniqueIdentifier ?? undefined}
            >
              {file.uniqueIdentifier ?? (
                <span className="text-muted">none</span>
              )}
            </TableCell>
            <TableCell className="py-2">
              <MediaStateBadge file={file} />
            </TableCell>
            <TableCell className="py-2 text-muted">
              {file.mimeType ?? "unknown"}
            </TableCell>
            <TableCell isNumeric className="py-2">
              {file.state === "progress" ? (
                <MediaBytes file={file} />
              ) : file.sizeBytes === null ? (
                ""
              ) : (
                formatBytes(file.sizeBytes)
              )}
            </TableCell>
            <TableCell className="max-w-40 truncate py-2">
              {file.actorName}
            </TableCell>
            <TableCell className="py-2 text-muted">
              <RelativeTime at={file.createdAt} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
