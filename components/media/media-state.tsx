import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Progress } from "@/components/ui/progress";
import { arrivedText, STATE_NAMES } from "@/lib/client/media-texts";
import type { MediaFile, MediaState } from "@/lib/domain/media";
import { remoteMediaWords as words } from "@/lib/wording/remote-media";

const TONES: Record<MediaState, BadgeTone> = {
  created: "neutral",
  progress: "accent",
  failed: "danger",
  cancelled: "neutral",
  completed: "success",
};

/** "Waiting", "Downloading", "Uploading", "Done", "Failed", "Cancelled". */
export function MediaStateBadge({ file }: { file: MediaFile }) {
  return (
    <Badge tone={file.remote?.isHeld ? "warning" : TONES[file.state]} hasDot>
      {stateName(file)}
    </Badge>
  );
}

export function stateName({
  state,
  origin,
  remote,
}: Pick<MediaFile, "state" | "origin" | "remote">): string {
  if (remote?.isHeld) return words.stopped;
  if (remote && state === "progress") return words.fetching;
  const isUpload = origin === "upload";
  if (isUpload && (state === "progress" || state === "created")) {
    return "Uploading";
  }
  return STATE_NAMES[state];
}

/** Of a file that an endpoint fetches nothing may be known. */
export function hasBytes({ remote, arrivedBytes, sizeBytes }: MediaFile) {
  return remote === null || arrivedBytes > 0 || sizeBytes !== null;
}

/** How many bytes of a file have arrived. */
export function MediaBytes({ file }: { file: MediaFile }) {
  return (
    <span className="flex items-center gap-3">
      <Progress
        label={`Bytes of ${file.filename}`}
        className="h-1.5 w-24"
        value={file.sizeBytes === null ? undefined : file.arrivedBytes}
        max={file.sizeBytes ?? 0}
      />
      <span className="text-xs whitespace-nowrap text-muted tabular-nums">
        {arrivedText(file)}
      </span>
    </span>
  );
}
