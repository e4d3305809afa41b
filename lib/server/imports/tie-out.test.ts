import { readdirSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import { mappingProblems, type ColumnMapping } from "@/lib/domain/mapping";
import { createRunLedger } from "@/lib/domain/run-receipt";
import { runTotals, type RunTotals } from "@/lib/domain/run-totals";
import { suggestMapping } from "@/lib/domain/suggest-mapping";
import { checkFile } from "@/lib/importer/check-file";
import { readTable } from "@/lib/importer/read-table";
import { rejectedRowsCsv } from "@/lib/importer/report";
import { rowReceiptCsv } from "@/lib/importer/row-receipt";
import { runImport } from "@/lib/importer/run-import";
import { openInput } from "@/lib/importer/table-input";
import type { Context } from "@/lib/server/context";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";
import { readSharedBytes } from "@/lib/testing/shared-data";

import { getRun, listOutcomes, startRun, submitBatch } from "./service";

const TAB = "11111111-1111-4111-8111-111111111111";
const SHARED = new URL("../../../../shared/data/", import.meta.url);

const FOLDERS = ["", "hostile/csv/", "hostile/csv-spectrum/", "hostile/xlsx/"];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(new URL(folder, SHARED))
    .filter((name) => /\.(csv|tsv|xlsx|xls|ods)$/i.test(name))
    .map((name) => folder + name),
);

const TOOLS = {
  loadSheetJs: () => import("@e965/xlsx"),
  onAlive: () => undefined,
};

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
  // A source that refuses about every 60th key, for whoever asks for it.
  await testDb.db.rows(
    `create function refuse_some() returns trigger language plpgsql as $$
     begin
       if exists (select 1 from sources where id = new.source_id and name = 'picky')
          and hashtext(new.key) % 60 = 0 then
         raise exception 'too large' using errcode = '54000';
       end if;
       return new;
     end $$`,
  );
  await testDb.db.rows(
    `create trigger refuse_some before insert on entries
     for each row execute function refuse_some()`,
  );
});
afterAll(() => testDb.close());

/** The suggestion, with the first column as the key where it finds none. */
function mappingFor(headers: string[], rows: string[][]): ColumnMapping {
  const mapping = suggestMapping(headers, rows);
  if (!mapping.columns.some(({ as }) => as === "key")) {
    mapping.columns[0] = { as: "key", property: null };
  }
  expect(mappingProblems(mapping, headers)).toEqual([]);
  return mapping;
}

async function openFile(name: string) {
  const bytes = new Uint8Array(readSharedBytes(name));
  const dropped = new File([bytes], name.split("/").at(-1) ?? "");
  try {
    const { table: file, preview } = await openInput([dropped], {}, TOOLS);
    const { options, headers, firstRows } = preview;
    const rows = firstRows.map(({ cells }) => cells).slice(options.headerRow);
    const mapping = mappingFor(headers, rows);
    return { file, mapping, ...(await checkFile({ file, options, mapping })) };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

type Opened = Exclude<
  Awaited<ReturnType<typeof openFile>>,
  { refused: string }
>;

/** Imports it for real and gives the run as the server knows it then. */
async function importFile(ctx: Context, sourceId: string, opened: Opened) {
  const { file, options, headers, mapping, report, fileHash } = opened;
  const { id } = await startRun(ctx, {
    ...{ sourceId, tableOptions: options, headers, mapping, tabId: TAB },
    file: { name: "file.csv", bytes: file.size, hash: fileHash },
    check: report,
  });
  await runImport({
    ...{ file, options, mapping, headers },
    onBatch: async (batch, sequence) => {
      const bytes = new TextEncoder().encode(JSON.stringify(batch));
      await submitBatch(ctx, { runId: id, sequence, bytes, tabId: TAB });
    },
  });
  const { batches } = await listOutcomes(ctx, id);
  return { run: await getRun(ctx, id), ledger: createRunLedger(batches) };
}

/** The records below the header of a CSV of ours. */
async function readRecords(csv: Blob): Promise<string[][]> {
  const options = {
    ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
    quotes: "standard" as const,
  };
  const records: string[][] = [];
  for await (const { rows } of readTable(csv, options)) records.push(...rows);
  return records.slice(1).filter((cells) => cells.length > 1);
}

function partsOf({ read: _, ...parts }: RunTotals): number[] {
  return Object.values(parts);
}
const sumOf = (counts: number[]) => counts.reduce((sum, n) => sum + n, 0);

test("there are files to try, and it is known which of them cannot be opened", async () => {
  expect(FILES.length).toBeGreaterThan(15);
  const refused: string[] = [];
  for (const name of FILES) {
    if ("refused" in (await openFile(name))) refused.push(name);
  }
  expect(refused).toEqual([
    "hostile/csv/08-mixed-encodings.csv",
    "hostile/csv/28-only-bom.csv",
    "hostile/csv/48-invalid-utf8-overlong.csv",
    "hostile/csv/54-comma-bomb.csv",
    "hostile/xlsx/01-bomb-sheet-300mb.xlsx",
    "hostile/xlsx/04-lying-size-zero.xlsx",
    "hostile/xlsx/09-billion-laughs.xlsx",
    "hostile/xlsx/13-row-number-overflow.xlsx",
    "hostile/xlsx/32-malformed-xml.xlsx",
  ]);
});

test.each(
  FILES.flatMap((name) => ["plain", "picky"].map((kind) => [name, kind])),
)(
  "%s into a %s source: read = sent + merged + rejected + blank, in check, ledger and reports",
  async (name = "", kind = "") => {
    const opened = await openFile(name);
    if ("refused" in opened) return;
    const { report, file, options, mapping } = opened;
    expect(report.rowsRead).toBe(
      sumOf([
        ...[report.entities, report.rowsMerged],
        ...[report.rowsRejected, report.rowsBlank],
      ]),
    );
    if (report.entities === 0) return;

    const tenantId = await createTenant(testDb.db);
    const ctx = userContext(testDb.db, tenantId, "editor");
    const source = await createSourceRow(testDb.db, tenantId);
    await testDb.db.rows("update sources set name = $2 where id = $1", [
      source.id,
      kind,
    ]);
    const { run, ledger } = await importFile(ctx, source.id, opened);
    expect(run.status).toBe("finished");
    const totals = runTotals(run);
    expect(totals.unsent).toBe(0);
    expect(sumOf(partsOf(totals))).toBe(totals.read);
    expect(Math.min(...partsOf(totals))).toBeGreaterThanOrEqual(0);
    const { applied } = run;
    expect(applied.entities).toBe(
      sumOf([
        ...[applied.created, applied.updated, applied.unchanged],
        ...[applied.deleted, applied.aside],
      ]),
    );

    const reported = { id: run.id, ledger };
    const args = { file, options, mapping, run: reported };
    const receipt = await readRecords(await rowReceiptCsv(args));
    expect(receipt).toHaveLength(totals.read);
    const count = (answer: string) =>
      receipt.filter((cells) => cells[2] === answer).length;
    expect(count("rejected") + count("set aside")).toBe(totals.rejected);
    expect(count("blank")).toBe(totals.blank);
    const taken = ["created", "updated", "unchanged"].map(count);
    expect(sumOf(taken)).toBe(totals.sent + totals.merged);
    expect(new Set(receipt.map((cells) => cells.at(-1)))).toEqual(
      new Set([run.id]),
    );
    expect(await readRecords(await rejectedRowsCsv(args))).toHaveLength(
      totals.rejected,
    );
    const [stored] = await testDb.db.rows<{ n: number }>(
      `select count(*)::int as n from entries where source_id = $1`,
      [source.id],
    );
    expect(stored?.n).toBe(applied.created - applied.deleted);
  },
  60_000,
);
