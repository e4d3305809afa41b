"use client";

import { useEffect, useState } from "react";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatBytes, formatCount } from "@/lib/client/format-number";
import {
  forgetKeptUpload,
  listKeptUploads,
  type KeptUpload,
} from "@/lib/client/media-upload";
import type { UploadItem } from "@/lib/client/media-uploads";

/** Uploads that a reload cut short: the same file has to be chosen again, for the browser gives its bytes to nobody else. */
export function InterruptedUploads({
  items,
}: {
  items: readonly UploadItem[];
}) {
  const [kept, setKept] = useState<KeptUpload[]>([]);
  useEffect(() => {
    let isOver = false;
    void listKeptUploads().then((found) => {
      if (!isOver) setKept(found);
    });
    return () => {
      isOver = true;
    };
  }, []);
  const left = kept.filter(
    ({ filename, sizeBytes }) =>
      !items.some(
        ({ file }) => file.name === filename && file.size === sizeBytes,
      ),
  );
  if (left.length === 0) return null;
  return (
    <Notice
      tone="warning"
      title={`${formatCount(left.length, "upload")} did not get to the end`}
    >
      <p>
        Choose the same {left.length === 1 ? "file" : "files"} again, with the
        same identifier: only what is missing is sent.
      </p>
      <ul aria-label="Interrupted uploads" className="mt-2 space-y-1">
        {left.map(({ key, filename, sizeBytes, begunAt }) => (
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
              onClick={() => {
                void forgetKeptUpload(key);
                setKept(kept.filter((upload) => upload.key !== key));
              }}
            >
              Forget
            </Button>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
