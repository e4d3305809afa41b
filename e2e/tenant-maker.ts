// A process of its own beside the tests: it makes tenants, users, sources and
// providers through the Studio's services, on request of fixtures.ts. So the
// product needs no route that exists only for tests.
import { randomUUID } from "node:crypto";

import type { Endpoint, EndpointInput } from "@/lib/domain/endpoint";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { ProviderWithSecret } from "@/lib/domain/provider";
import type { Source } from "@/lib/domain/source";
import type { Role } from "@/lib/domain/user";
import { appDb } from "@/lib/server/db/app-db";
import { createEndpoint } from "@/lib/server/endpoints/service";
import { publicUrlOf } from "@/lib/server/media/public-url";
import { createProvider } from "@/lib/server/providers/service";
import { issueSessionCookie } from "@/lib/server/session-cookie";
import { createSource } from "@/lib/server/sources/service";
import { createUser } from "@/lib/server/users/service";
import { commandContext, createTenant } from "@/lib/testing/factories";
import { createMediaFile } from "@/lib/testing/media-file";

import type { StoredEntry } from "./read-table";

export type TestUser = {
  id: string;
  email: string;
  password: string;
  /** A session as signing in makes it. */
  cookie: { name: string; value: string };
};

const INGEST_URL = process.env["INGEST_URL"] ?? "http://localhost:3001";

const makers = {
  tenant: (): Promise<string> => createTenant(appDb()),

  user: async (tenantId: string, role: Role): Promise<TestUser> => {
    const id = randomUUID();
    const email = `${role}-${id}@example.com`;
    const password = `pass ${id}`;
    const user = await createUser(commandContext(appDb(), tenantId), {
      ...{ email, password, role },
      name: `Test ${role}`,
    });
    const cookie = await issueSessionCookie({
      ...{ id: user.id, tenantId },
      sessionGeneration: 1,
    });
    return { id: user.id, email, password, cookie };
  },

  source: (
    tenantId: string,
    identifier: string,
    name: string,
  ): Promise<Source> =>
    createSource(commandContext(appDb(), tenantId), {
      ...{ identifier, name },
      ...{ originSystem: "", description: "" },
    }),

  provider: (
    tenantId: string,
    name: string,
    sourceIds: string[],
  ): Promise<ProviderWithSecret> =>
    createProvider(commandContext(appDb(), tenantId), { name, sourceIds }),

  endpoint: (tenantId: string, input: EndpointInput): Promise<Endpoint> =>
    createEndpoint(commandContext(appDb(), tenantId), input),

  /** A completed media file with that content; gives its public address. */
  mediaFile: async (
    tenantId: string,
    filename: string,
    base64: string,
  ): Promise<string> => {
    const content = Buffer.from(base64, "base64");
    const { id } = await createMediaFile(appDb(), tenantId, content, {
      filename,
    });
    return publicUrlOf({ tenantId, id, filename }, INGEST_URL);
  },

  /** What the source holds, straight from its table, by key in byte order. */
  storedEntries: (tenantId: string, sourceId: string): Promise<StoredEntry[]> =>
    appDb().rows(
      `select key, properties from entries
       where tenant_id = $1 and source_id = $2 order by key collate "C"`,
      [tenantId, sourceId],
    ),

  /** Notes that the source has that many properties, of the 20,000 it may have. */
  properties: async (
    tenantId: string,
    sourceId: string,
    count: number,
  ): Promise<void> => {
    await appDb().rows(
      `insert into source_properties (tenant_id, source_id, prop, entries)
       select $1, $2, 'p' || n || ':', 1 from generate_series(1, $3::int) n`,
      [tenantId, sourceId, count],
    );
  },

  /** The mapping of the source's latest import run. */
  latestMapping: async (
    tenantId: string,
    sourceId: string,
  ): Promise<ColumnMapping> => {
    const [run] = await appDb().rows<{ mapping: ColumnMapping }>(
      `select mapping from import_runs where tenant_id = $1 and source_id = $2
       order by started_at desc limit 1`,
      [tenantId, sourceId],
    );
    if (!run) throw new Error("The source has no import run.");
    return run.mapping;
  },

  /** The batches in the ledger of all runs of the source. */
  appliedBatches: async (
    tenantId: string,
    sourceId: string,
  ): Promise<number[]> => {
    const rows = await appDb().rows<{ sequence: number }>(
      `select b.sequence from run_batches b
       join import_runs r on r.tenant_id = b.tenant_id and r.id = b.run_id
       where r.tenant_id = $1 and r.source_id = $2 order by 1`,
      [tenantId, sourceId],
    );
    return rows.map(({ sequence }) => sequence);
  },
};

export type Makers = typeof makers;

type Order = { order: number; make: keyof Makers; args: unknown[] };

process.on("message", ({ order, make, args }: Order) => {
  const maker = makers[make] as (...args: unknown[]) => Promise<unknown>;
  maker(...args).then(
    (made) => process.send?.({ order, made }),
    (error: unknown) => process.send?.({ order, problem: String(error) }),
  );
});
process.on("disconnect", () => process.exit());
