"use client";

import { useState } from "react";

import { mediaAddress, thumbnailAddress } from "@/lib/client/media-address";
import type { MediaFile } from "@/lib/domain/media";
import { kindOfType } from "@/lib/domain/media-type";

import { useMediaBase } from "./media-base";
import { MediaThumbnail } from "./media-thumbnail";

/** What every browser plays. */
const PLAYED = new Set(["video/mp4", "video/webm"]);

/** The file itself, as far as a browser can show it. */
export function MediaPreview({ file }: { file: MediaFile }) {
  const base = useMediaBase();
  const [hasFailed, setHasFailed] = useState(false);
  const frame =
    "flex h-64 w-full items-center justify-center overflow-hidden rounded-control border border-border bg-sunken sm:h-72";
  if (file.mimeType && PLAYED.has(file.mimeType)) {
    return (
      // Files of users come without captions.
      <video
        controls
        preload="metadata"
        aria-label={file.filename}
        src={mediaAddress(file.publicUrl, base)}
        className={frame}
      />
    );
  }
  if (kindOfType(file.mimeType) === "image" && !hasFailed) {
    return (
      <div className={frame}>
        {/* eslint-disable-next-line @next/next/no-img-element -- files of users never pass an optimiser */}
        <img
          src={thumbnailAddress(file.publicUrl, base)}
          alt={`Preview of ${file.filename}`}
          className="max-h-full max-w-full object-contain"
          onError={() => setHasFailed(true)}
        />
      </div>
    );
  }
  return (
    <div className={frame}>
      <MediaThumbnail file={file} className="size-24 bg-transparent" />
    </div>
  );
}
