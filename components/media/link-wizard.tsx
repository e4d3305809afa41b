"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";

import type { MediaActions } from "@/lib/client/media-actions";
import { readLinkDraft, writeLinkDraft } from "@/lib/client/media-draft";
import type { OutboxRecord } from "@/lib/client/media-outbox";
import { beginSubmission } from "@/lib/client/media-sending";
import { mediaViewParams } from "@/lib/client/media-view";
import { paths } from "@/lib/client/paths";
import { makeUuid } from "@/lib/client/random-id";
import type { PlannedLink } from "@/lib/domain/link-plan";
import type { LinkRow } from "@/lib/domain/link-row";
import type { EndpointChoice } from "@/lib/domain/remote-media";

import { LinkCheck } from "./link-check";
import { LinkColumnsStep } from "./link-columns-step";
import { LinkInput } from "./link-input";
import { LinkTarget } from "./link-target";
import { useMediaEndpoints } from "./media-endpoints";
import { useMediaOwner } from "./media-owner";
import { useLinkFile } from "./use-link-file";

/** From pasted links or a spreadsheet of them to a submission: list, columns, check. */
export function LinkWizard({
  initialRows,
  initialEndpoint = null,
  sendLinks,
}: {
  /** Failed links of an earlier submission, to be corrected. */
  initialRows?: LinkRow[] | undefined;
  /** Where those went. */
  initialEndpoint?: EndpointChoice | null;
  sendLinks: MediaActions["sendLinks"];
}) {
  const router = useRouter();
  const owner = useMediaOwner();
  const [text, setText] = useState(() =>
    initialRows ? "" : readLinkDraft(owner),
  );
  const [rows, setRows] = useState<readonly LinkRow[] | undefined>(initialRows);
  const endpoints = useMediaEndpoints();
  const [endpoint, setEndpoint] = useState(initialEndpoint);
  const [isStarting, setIsStarting] = useState(false);
  const file = useLinkFile(setRows);
  const { state } = file;
  const preview = "preview" in state ? state.preview : null;
  const step = rows ? "check" : preview ? "columns" : "input";
  const content = useFocusOnChange(step);

  async function send(links: PlannedLink[], reused: number) {
    setIsStarting(true);
    const record = toRecord(owner, links, { reused, endpoint });
    await beginSubmission(record, sendLinks);
    writeLinkDraft(owner, "");
    router.push(
      paths.media(mediaViewParams({ submission: record.submissionId })),
    );
  }

  return (
    <div ref={content} tabIndex={-1} className="outline-none">
      {rows ? (
        <LinkCheck
          rows={rows}
          endpoint={endpoint}
          isStarting={isStarting}
          onBack={() => setRows(undefined)}
          onSend={(links, reused) => void send(links, reused)}
        />
      ) : preview ? (
        <LinkColumnsStep
          key={JSON.stringify(preview.options)}
          fileName={"file" in state ? state.file.name : ""}
          preview={preview}
          isReading={state.at === "reading"}
          onOptions={file.reread}
          onBack={file.close}
          onNext={file.readRows}
        />
      ) : (
        <LinkInput
          target={
            <LinkTarget
              endpoints={endpoints}
              endpoint={endpoint}
              onChange={setEndpoint}
            />
          }
          text={text}
          onText={(next) => {
            setText(next);
            writeLinkDraft(owner, next);
          }}
          isReading={state.at === "reading"}
          problem={state.at === "failed" ? state.message : undefined}
          onFile={file.open}
          onRows={setRows}
        />
      )}
    </div>
  );
}

function toRecord(
  owner: string,
  links: PlannedLink[],
  { reused, endpoint }: { reused: number; endpoint: EndpointChoice | null },
): OutboxRecord {
  return {
    submissionId: makeUuid(),
    owner,
    createdAt: new Date().toISOString(),
    endpointId: endpoint?.id ?? null,
    links: links.map(
      ({ link, filename, uniqueIdentifier, outcome }, position) => ({
        ...{ position, link, filename },
        uniqueIdentifier: uniqueIdentifier || null,
        replaces: outcome.is === "replace" ? outcome.file.id : null,
      }),
    ),
    ...{ answered: 0, refused: [], reused },
  };
}

/** Moves the focus to the new step, so that keyboards and screen readers follow. */
function useFocusOnChange(step: string) {
  const content = useRef<HTMLDivElement>(null);
  const last = useRef(step);
  useEffect(() => {
    if (last.current === step) return;
    last.current = step;
    content.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [step]);
  return content;
}
