import { z } from "zod";

import { MEDIA_STATES } from "./media";

/** The media files of one import run. */
export const runMediaSchema = z.object({
  /** Links that its batches named so far; a link counts once a batch. */
  links: z.number().int(),
  /** Of these, links whose file was there before. */
  known: z.number().int(),
  /** The files of the others, by how far they are; deleted ones are in no state. */
  files: z.record(z.enum(MEDIA_STATES), z.number().int()),
});
export type RunMedia = z.output<typeof runMediaSchema>;
