"use client";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatBytes, formatCount } from "@/lib/client/format-number";
import type { KeptUpload } from "@/lib/client/media-upload";

/** Uploads that a reload cut short: the same file has to be chosen again, for the browser gives its bytes to nobody else. */
export function InterruptedUploads({
  uploads,
  onForget,
}: {
  uploads: readonly KeptUpload[];
  onForget: (key: string) => void;
}) {
  if (uploads.length === 0) return null;
  return (
    <Notice
      tone="warning"
      title={`${formatCount(uploads.length, "upload")} did not get to the end`}
    >
      <p>
        Choose the same {uploads.length === 1 ? "file" : "files"} again: only
        what is missing is sent.
      </p>
      <ul aria-label="Interrupted uploads" className="mt-2 space-y-1">
        {uploads.map(({ key, filename, sizeBytes, begunAt }) => (
          <li key={key} className="flex flex-wrap items-center gap-x-3">
            <span className="min-w-0 truncate font-medium">{filename}</span>
            <span className="text-muted">
              {`${formatBytes(sizeBytes)}, begun `}
              <RelativeTime at={begunAt} />
            </span>
            <Button
              variant="ghost"
              size="sm"
              aria-label={`Forget ${filename}`}
              onClick={() => onForget(key)}
            >
              Forget
            </Button>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
