import { createRowAnswers } from "@/lib/client/row-answers";
import type { RowRequest } from "@/lib/importer/row-messages";
import { readTable } from "@/lib/importer/read-table";

let file: File | undefined;
const answer = createRowAnswers(
  () => file,
  (event) => self.postMessage(event),
);

type Message = RowRequest | { type: "file"; file: File } | { type: "readAll" };

self.onmessage = async ({ data }: MessageEvent<Message>) => {
  if (data.type === "file") file = data.file;
  else if (data.type === "readAll") self.postMessage(await readAll());
  else answer(data);
};

/** What any pass over the file costs at least. */
async function readAll(): Promise<{ type: "readAll"; ms: number }> {
  const started = performance.now();
  const options = {
    ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
    quotes: "standard" as const,
  };
  if (file) for await (const chunk of readTable(file, options)) void chunk;
  return { type: "readAll", ms: performance.now() - started };
}
