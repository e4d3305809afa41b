"use client";

import { FileText, Film, FileQuestion, Image, Music } from "lucide-react";
import { useState } from "react";

import { classNames } from "@/lib/client/class-names";
import { thumbnailAddress } from "@/lib/client/media-address";
import type { MediaFile } from "@/lib/domain/media";
import { kindOfType, type MediaKind } from "@/lib/domain/media-type";

import { useMediaBase } from "./media-base";

const ICONS: Record<MediaKind, typeof Film> = {
  image: Image,
  video: Film,
  audio: Music,
  document: FileText,
  other: FileQuestion,
};

/** The file as a small picture; where it has none, a sign of what kind of file it is. */
export function MediaThumbnail({
  file,
  className,
}: {
  file: MediaFile;
  className?: string;
}) {
  const base = useMediaBase();
  const [failedFor, setFailedFor] = useState<string>();
  const kind = kindOfType(file.mimeType);
  const hasPicture =
    kind === "image" &&
    file.state === "completed" &&
    // A picture from elsewhere would tell that host who looks at it.
    file.remote === null &&
    failedFor !== file.id;
  const Icon = ICONS[kind];
  return (
    <span
      className={classNames(
        "flex items-center justify-center overflow-hidden bg-sunken text-muted",
        className,
      )}
    >
      {hasPicture ? (
        // eslint-disable-next-line @next/next/no-img-element -- files of users never pass an optimiser
        <img
          src={thumbnailAddress(file.publicUrl, base)}
          alt=""
          loading="lazy"
          decoding="async"
          className="size-full object-contain"
          onError={() => setFailedFor(file.id)}
        />
      ) : (
        <Icon aria-hidden className="size-1/3 max-h-10 min-h-4" />
      )}
    </span>
  );
}
