import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { BatchRow } from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import { getEntry } from "@/lib/server/entries/service";
import {
  cancelMediaFiles,
  findMediaFiles,
  summarizeRunMedia,
} from "@/lib/server/media/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";

import { startRun, submitBatch } from "./service";

const TAB = "11111111-1111-4111-8111-111111111111";

let testDb: TestDb;
let ctx: Context;
let sourceId: string;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());
beforeEach(async () => {
  ctx = userContext(testDb.db, await createTenant(testDb.db), "editor");
  ({ id: sourceId } = await createSourceRow(ctx.db, ctx.tenantId));
});

const media = { idProperty: "image_id", separator: "|" } as const;

/** Sends one batch of a key and a cell of links each. */
async function importLinks(rows: [key: string, links: string | null][]) {
  const { id: runId } = await startRun(ctx, {
    sourceId,
    file: { name: "products.csv", bytes: 1_000, hash: "abc" },
    tableOptions: {
      ...{ encoding: "utf-8", delimiter: "," },
      ...{ headerRow: 1, quotes: "standard" },
    },
    headers: ["sku", "image"],
    mapping: {
      columns: [
        { as: "key", property: null },
        {
          ...{ as: "property", id: "image", language: "", media },
          emptyCell: "clear",
        },
      ],
      ...{ keySeparator: "-", repeatedKeys: "merge" },
    },
    check: {
      ...{ rowsRead: rows.length, rowsRejected: 0, rowsBlank: 0 },
      ...{ rowsMerged: 0, entities: rows.length, deletes: 0, batches: 1 },
      ...{ issues: [], needsOrder: false },
    },
    tabId: TAB,
  });
  const batch = {
    ...{ firstRow: 2, lastRow: 1 + rows.length },
    columns: [["image", "", media]],
    rows: rows.map(([key, links]): BatchRow => [key, 0, links]),
  };
  const receipt = await submitBatch(ctx, {
    ...{ runId, sequence: 1, tabId: TAB },
    bytes: new TextEncoder().encode(JSON.stringify(batch)),
    mediaBase: "https://media.example",
  });
  return { runId, receipt };
}

async function valuesOf(key: string): Promise<Record<string, string>> {
  const { values } = await getEntry(ctx, sourceId, key);
  return Object.fromEntries(values.map(({ id, value }) => [id, value]));
}

test("an entry names the files of its links by address and id, and the files are asked for as the run's", async () => {
  const { runId } = await importLinks([
    ["A", "https://files.example/a.jpg|https://files.example/b.jpg"],
    ["B", "https://files.example/a.jpg"],
  ]);
  const { image = "", image_id: ids = "" } = await valuesOf("A");
  const files = await findMediaFiles(ctx, ids.split("|"));
  expect(files.map(({ sourceUrl }) => sourceUrl)).toEqual([
    "https://files.example/a.jpg",
    "https://files.example/b.jpg",
  ]);
  expect(files.map(({ submissionId }) => submissionId)).toEqual([runId, runId]);
  expect(image).toBe(
    files
      .map(
        ({ id, filename }) =>
          `https://media.example/${ctx.tenantId}/${id}/${filename}`,
      )
      .join("|"),
  );
  expect((await valuesOf("B"))["image_id"]).toBe(files[0]?.id);
  expect(await summarizeRunMedia(ctx, runId)).toMatchObject({
    ...{ links: 2, known: 0 },
    files: { created: 2 },
  });
});

test("a link that has its file is not fetched again, one that was cancelled is", async () => {
  const links = "https://files.example/a.jpg|https://files.example/b.jpg";
  await importLinks([["A", links]]);
  const [, second = ""] = ((await valuesOf("A"))["image_id"] ?? "").split("|");
  await cancelMediaFiles(ctx, [second]);

  const { runId, receipt } = await importLinks([["A", links]]);
  expect(receipt.unchanged).toBe(1);
  expect(await summarizeRunMedia(ctx, runId)).toEqual({
    ...{ links: 2, known: 1 },
    files: { created: 1, progress: 0, failed: 0, cancelled: 0, completed: 0 },
  });
  const [file] = await findMediaFiles(ctx, [second]);
  expect(file).toMatchObject({ state: "created", submissionId: runId });
});

test("an empty cell that clears removes address and id", async () => {
  await importLinks([["A", "https://files.example/a.jpg"]]);
  await importLinks([["A", null]]);
  expect(await valuesOf("A")).toEqual({});
});

test("another tenant's file of the same link is another file", async () => {
  await importLinks([["A", "https://files.example/a.jpg"]]);
  const { image_id: theirs } = await valuesOf("A");
  ctx = userContext(testDb.db, await createTenant(testDb.db), "editor");
  ({ id: sourceId } = await createSourceRow(ctx.db, ctx.tenantId));
  await importLinks([["A", "https://files.example/a.jpg"]]);
  expect((await valuesOf("A"))["image_id"]).not.toBe(theirs);
});

test("a batch that is refused asks for no file", async () => {
  await expect(
    importLinks([
      ["A", "https://files.example/a.jpg"],
      ["A", "https://files.example/b.jpg"],
    ]),
  ).rejects.toMatchObject({ code: "invalid_input" });
  const [row] = await testDb.db.rows<{ n: number }>(
    "select count(*) as n from media_files where tenant_id = $1",
    [ctx.tenantId],
  );
  expect(row?.n).toBe(0);
});
