import { createHash, randomUUID } from "node:crypto";

import type { RunInput } from "@/lib/domain/import-run";
import type { TableBatch } from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import { getDefaultTenantId } from "@/lib/server/db/default-tenant";
import { startRun, submitBatch } from "@/lib/server/imports/service";
import { prepareKeys } from "@/lib/server/keys";
import { createProvider } from "@/lib/server/providers/service";
import { createSource, listSources } from "@/lib/server/sources/service";

import { openDatabase } from "./open-database";
import { runProgram } from "./run-program";

const HEADERS = ["sku", "name_en", "name_sv", "colour", "price"];
const GOODS = [
  ["Chair", "Stol"],
  ["Table", "Bord"],
  ["Lamp", "Lampa"],
  ["Shelf", "Hylla"],
  ["Sofa", "Soffa"],
] as const;
const COLOURS = ["Oak", "Ash", "Black", "White", "Grey", "Blue"] as const;

/**
 * `npm run db:seed`: a believable tenant to look at while developing: two
 * sources, a provider, and an import with rejected rows. Does nothing when the
 * tenant has sources already.
 */
await runProgram(async () => {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const database = await openDatabase(say);
  try {
    await prepareKeys(database.db);
    const ctx: Context = {
      tenantId: await getDefaultTenantId(database.db),
      actor: { type: "command", id: randomUUID(), name: "Sample data" },
      db: database.db,
    };
    if ((await listSources(ctx)).length > 0) {
      say("This Studio has sources already, so nothing was added.");
      return;
    }
    await seed(ctx);
    say("Added two sources, a provider and an import.");
  } finally {
    await database.close();
  }
});

async function seed(ctx: Context): Promise<void> {
  const products = await createSource(ctx, {
    identifier: "products",
    name: "Products",
    originSystem: "ERP",
    description: "Furniture with names in two languages.",
  });
  const media = await createSource(ctx, {
    identifier: "media",
    name: "Media",
    originSystem: "",
    description: "",
  });
  await createProvider(ctx, {
    name: "ERP nightly export",
    sourceIds: [products.id, media.id],
  });
  const rows = GOODS.flatMap(([en, sv], good) =>
    COLOURS.map((colour, at): TableBatch["rows"][number] => [
      `F-${100 + good * 10 + at}`,
      0,
      `${en} ${colour.toLowerCase()}`,
      sv,
      colour,
      `${(49 + good * 120 + at * 7).toFixed(2)}`,
    ]),
  );
  const batch: TableBatch = {
    firstRow: 2,
    lastRow: rows.length + 3,
    columns: [
      ["name", "en"],
      ["name", "sv"],
      ["colour", ""],
      ["price", ""],
    ],
    rows,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(batch));
  const tabId = randomUUID();
  const run = await startRun(ctx, runInput(products.id, tabId, rows.length));
  await submitBatch(ctx, { runId: run.id, sequence: 1, bytes, tabId });
}

function runInput(sourceId: string, tabId: string, entities: number): RunInput {
  const property = (id: string, language: string) => ({
    as: "property" as const,
    ...{ id, language, emptyCell: "skip" as const },
  });
  return {
    sourceId,
    tabId,
    file: {
      name: "furniture.csv",
      bytes: 1_842,
      hash: createHash("sha256").update("furniture").digest("hex"),
    },
    tableOptions: {
      encoding: "utf-8",
      delimiter: ",",
      headerRow: 1,
      quotes: "standard",
    },
    headers: HEADERS,
    mapping: {
      columns: [
        { as: "key", property: null },
        property("name", "en"),
        property("name", "sv"),
        property("colour", ""),
        property("price", ""),
      ],
      keySeparator: "_",
      repeatedKeys: "merge",
    },
    check: {
      rowsRead: entities + 2,
      rowsRejected: 2,
      rowsBlank: 0,
      rowsMerged: 0,
      entities,
      deletes: 0,
      batches: 1,
      needsOrder: false,
      issues: [
        {
          code: "key_illegal",
          column: 0,
          columnName: "sku",
          message:
            "A key may have only letters A-Z, digits, _ and -. Change the cells, or choose another key column.",
          rowCount: 2,
          ranges: [[entities + 2, entities + 3]],
          samples: [
            { row: entities + 2, value: "F 160" },
            { row: entities + 3, value: "F.161" },
          ],
        },
      ],
    },
  };
}
