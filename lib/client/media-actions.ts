import type { LinkBatch, RefusedLink } from "@/lib/domain/media-page";
import type { ActionResult } from "@/lib/domain/result";

/** The server actions of the media page, handed down by it. */
export type MediaActions = {
  sendLinks: (
    batch: LinkBatch,
  ) => Promise<ActionResult<{ refused: RefusedLink[] }>>;
  remove: (fileId: string) => Promise<ActionResult<null>>;
  /** Both answer how many files it was done for; others were in another state by then. */
  retry: (fileIds: string[]) => Promise<ActionResult<{ files: number }>>;
  cancel: (fileIds: string[]) => Promise<ActionResult<{ files: number }>>;
};
