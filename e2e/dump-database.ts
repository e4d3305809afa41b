// A process of its own: prints every value of every table of the database of
// DATA_DIR, a JSON line each, past the product.
import { appDb } from "@/lib/server/db/app-db";

export type DumpedValue = {
  table: string;
  column: string;
  /** Binary columns come as base64. */
  value: string;
  isBinary: boolean;
};

type Table = { schema: string; name: string };

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const write = (line: DumpedValue) =>
  process.stdout.write(`${JSON.stringify(line)}\n`);

const db = appDb();
const tables = await db.rows<Table>(
  `select table_schema as schema, table_name as name
   from information_schema.tables
   where table_schema not in ('pg_catalog', 'information_schema')
   union all values ('pg_catalog', 'pg_stat_activity')
   order by 1, 2`,
);
for (const { schema, name } of tables) {
  const rows = await db.rows<Record<string, unknown>>(
    `select * from ${quoted(schema)}.${quoted(name)}`,
  );
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) {
      if (value === null) continue;
      const isBinary = Buffer.isBuffer(value);
      write({
        ...{ table: name, column, isBinary },
        value: isBinary ? value.toString("base64") : textOf(value),
      });
    }
  }
}
process.stdout.end(() => process.exit());

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
