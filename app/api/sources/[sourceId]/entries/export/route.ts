import { z } from "zod";

import { entryFilterSchema, readEntrySearchParams } from "@/lib/domain/entry";
import { EXPORT_FORMATS, type ExportFormat } from "@/lib/domain/entry-export";
import { parseInput } from "@/lib/domain/errors";
import { exportEntries } from "@/lib/server/entries/service";
import { getSource } from "@/lib/server/sources/service";
import { studioRoute } from "@/lib/server/studio-route";

const exportSchema = z.object({
  format: z.enum(EXPORT_FORMATS, {
    error: `Choose a format: ${EXPORT_FORMATS.join(", ")}.`,
  }),
  /** Only whether the export would be refused: a download has no place to say why. */
  check: z.stringbool().default(false),
});

const FILES: Record<ExportFormat, { type: string; ending: string }> = {
  csv: { type: "text/csv; charset=utf-8", ending: ".csv" },
  "csv-raw": { type: "text/csv; charset=utf-8", ending: "-raw.csv" },
  jsonl: { type: "application/x-ndjson; charset=utf-8", ending: ".jsonl" },
};

export const GET = studioRoute<{ sourceId: string }>(
  async ({ ctx, params, url }) => {
    const { format, check } = parseInput(
      exportSchema,
      Object.fromEntries(url.searchParams),
    );
    const filter = parseInput(
      entryFilterSchema,
      readEntrySearchParams(url.searchParams),
    );
    const source = await getSource(ctx, params.sourceId);
    const pieces = await exportEntries(ctx, source.id, filter, format);
    if (check) return new Response(null, { status: 204 });

    const { type, ending } = FILES[format];
    // An identifier has only letters, digits, _ and -.
    const name = `${source.identifier}-entries${ending}`;
    return new Response(asStream(pieces), {
      headers: {
        "content-type": type,
        "content-disposition": `attachment; filename="${name}"`,
        "x-content-type-options": "nosniff",
      },
    });
  },
);

/** Asks for the next piece when the last was taken: a slow reader slows the export. */
function asStream(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const piece = await pieces.next();
      if (piece.done) controller.close();
      else controller.enqueue(encoder.encode(piece.value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
