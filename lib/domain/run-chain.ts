import { z } from "zod";

import { importRunSchema } from "./import-run";

/** A run and those that continue it with its rejected rows, dropped again. */
export const runLinkSchema = importRunSchema
  .pick({ id: true, status: true, applied: true, startedAt: true })
  .extend({
    fileName: z.string(),
    check: importRunSchema.shape.check.pick({
      rowsRead: true,
      rowsRejected: true,
      rowsBlank: true,
      rowsMerged: true,
      rowsUnchanged: true,
      entities: true,
    }),
  });
export type RunLink = z.output<typeof runLinkSchema>;

/** The first run first; of one run only when nothing continues it. */
export const runChainSchema = z.array(runLinkSchema);
