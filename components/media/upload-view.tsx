"use client";

import { Upload } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";

import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { DropZone } from "@/components/ui/drop-zone";
import { LinkButton } from "@/components/ui/link-button";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { formatBytes, formatCount } from "@/lib/client/format-number";
import { lookUpIdentifiers } from "@/lib/client/media-queries";
import {
  forgetKeptUpload,
  listKeptUploads,
  type KeptUpload,
} from "@/lib/client/media-upload";
import {
  isOf,
  mediaUploads,
  type UploadItem,
} from "@/lib/client/media-uploads";
import { paths } from "@/lib/client/paths";
import { AppError } from "@/lib/domain/errors";
import { MEDIA_LIMITS } from "@/lib/domain/limits";

import { InterruptedUploads } from "./interrupted-uploads";
import { useMediaOwner } from "./media-owner";
import { UploadRow } from "./upload-row";

/** Files from the computer: chosen, named, sent; paused and gone on with. */
export function UploadView() {
  const items = useSyncExternalStore(
    mediaUploads.subscribe,
    mediaUploads.list,
    mediaUploads.list,
  );
  const [problem, setProblem] = useState<string>();
  const chosen = items.filter(({ state }) => state === "chosen");
  const isUnderWay = items.some(
    ({ state }) => state === "sending" || state === "waiting",
  );
  const done = items.filter(({ state }) => state === "done").length;
  const starting = useStart(chosen, setProblem);
  const owner = useMediaOwner();
  const kept = useKeptUploads(owner);
  useLeaveWarning(isUnderWay);

  return (
    <div className="space-y-5">
      <InterruptedUploads
        uploads={kept.uploads.filter(
          (upload) => !items.some(({ file }) => isOf(upload, file)),
        )}
        onForget={kept.forget}
      />
      <DropZone
        isCompact={items.length > 0}
        isMultiple
        variant={items.length > 0 ? "secondary" : "primary"}
        inputLabel="Files to upload"
        buttonLabel="Choose files"
        title={items.length > 0 ? "Drop more files" : "Drop files here"}
        hint={`Images, videos, documents, up to ${formatBytes(MEDIA_LIMITS.fileBytesMax)} each. An upload can be paused, and goes on after a reload.`}
        onFiles={(files) => {
          const tooLarge = files.filter(
            ({ size }) => size > MEDIA_LIMITS.fileBytesMax || size === 0,
          );
          setProblem(
            tooLarge.length > 0
              ? `${tooLarge.map(({ name }) => name).join(", ")}: a file has at least one byte and at most ${formatBytes(MEDIA_LIMITS.fileBytesMax)}. Choose another.`
              : undefined,
          );
          mediaUploads.add(
            owner,
            files.filter((file) => !tooLarge.includes(file)),
            kept.uploads,
          );
        }}
        onRefused={() =>
          setProblem(
            "Those are no files that can be read. Drop files, not folders.",
          )
        }
      />
      {problem && <Notice tone="danger">{problem}</Notice>}
      <LiveRegion>
        {done > 0 ? `${formatCount(done, "file")} uploaded` : undefined}
      </LiveRegion>
      {items.length > 0 && (
        <Section
          title={formatCount(items.length, "file")}
          description="A unique identifier is optional: it is the name by which programs find the file."
          isPadded={false}
          actions={
            <>
              {chosen.length > 0 && (
                <Button variant="ghost" onClick={() => nameAll(chosen)}>
                  Use file names as identifiers
                </Button>
              )}
              {done > 0 && (
                <LinkButton href={paths.media()}>See all media</LinkButton>
              )}
              {chosen.length > 0 && (
                <Button
                  variant="primary"
                  isLoading={starting.isBusy}
                  onClick={() => void starting.start()}
                >
                  <Upload aria-hidden />
                  {`Upload ${formatCount(chosen.length, "file")}`}
                </Button>
              )}
            </>
          }
        >
          <ul aria-label="Uploads" className="divide-y divide-border">
            {items.map((item) => (
              <UploadRow key={item.id} item={item} />
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}

function useKeptUploads(owner: string) {
  const [uploads, setUploads] = useState<KeptUpload[]>([]);
  useEffect(() => {
    let isOver = false;
    void listKeptUploads(owner).then((found) => {
      if (!isOver) setUploads(found);
    });
    return () => {
      isOver = true;
    };
  }, [owner]);
  const forget = (key: string) => {
    void forgetKeptUpload(key);
    setUploads(uploads.filter((upload) => upload.key !== key));
  };
  return { uploads, forget };
}

/** `chair-front.jpg` becomes `chair-front`. */
function nameAll(chosen: readonly UploadItem[]): void {
  for (const { id, file, uniqueIdentifier } of chosen) {
    if (uniqueIdentifier !== "") continue;
    mediaUploads.name(id, file.name.replace(/(.)\.[^.]*$/, "$1"));
  }
}

function useStart(
  chosen: readonly UploadItem[],
  onProblem: (problem: string | undefined) => void,
) {
  const [isBusy, setIsBusy] = useState(false);
  async function start() {
    setIsBusy(true);
    onProblem(undefined);
    try {
      mediaUploads.start(await freeOnes(chosen));
    } catch (error) {
      onProblem(
        error instanceof AppError
          ? error.message
          : "The identifiers could not be checked. Try again.",
      );
    }
    setIsBusy(false);
  }
  return { isBusy, start };
}

/** Those that can begin; the others are told why not. */
async function freeOnes(chosen: readonly UploadItem[]): Promise<number[]> {
  const wanted = chosen.map(({ uniqueIdentifier }) => uniqueIdentifier.trim());
  const asked = [...new Set(wanted.filter((text) => text !== ""))];
  const known =
    asked.length > 0
      ? await lookUpIdentifiers(asked, null, new AbortController().signal)
      : new Map<string, null>();
  return chosen.flatMap(({ id }, index) => {
    const identifier = wanted[index] ?? "";
    const taken = known.get(identifier);
    if (taken) {
      mediaUploads.refuse(
        id,
        `The unique identifier ${identifier} is taken by ${taken.filename}. Change it, leave it empty, or delete that file first.`,
      );
      return [];
    }
    if (identifier !== "" && wanted.indexOf(identifier) < index) {
      mediaUploads.refuse(
        id,
        `Another file in the list has the unique identifier ${identifier}. Change one of the two.`,
      );
      return [];
    }
    mediaUploads.name(id, identifier);
    return [id];
  });
}

/** The browser asks before a page is closed that is still sending. */
function useLeaveWarning(isUnderWay: boolean): void {
  useEffect(() => {
    if (!isUnderWay) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isUnderWay]);
}
