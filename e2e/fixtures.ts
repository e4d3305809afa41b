import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import {
  test as base,
  expect,
  type APIRequestContext,
  type APIResponse,
} from "@playwright/test";

import type { Endpoint, EndpointInput } from "@/lib/domain/endpoint";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { ProviderWithSecret } from "@/lib/domain/provider";
import type { Source } from "@/lib/domain/source";
import type { Role } from "@/lib/domain/user";

import type { StoredEntry } from "./read-table";
import type { Makers, TestUser } from "./tenant-maker";

export { expect };

type Make = <Name extends keyof Makers>(
  name: Name,
  ...args: Parameters<Makers[Name]>
) => ReturnType<Makers[Name]>;

/** A tenant of the test's own, with what a test may want made in it. */
export type Tenant = {
  id: string;
  createUser(role: Role): Promise<TestUser>;
  createSource(identifier: string, name?: string): Promise<Source>;
  createProvider(sources: Source[], name?: string): Promise<ProviderWithSecret>;
  createEndpoint(input: EndpointInput): Promise<Endpoint>;
  /** Notes that the source has that many properties, of the 20,000 it may have. */
  fillProperties(source: Source, count: number): Promise<void>;
  /** A completed media file; gives its public address. */
  createMediaFile(filename: string, content: Buffer): Promise<string>;
};

/** A machine client of the ingest API. */
export type IngestClient = {
  provider: ProviderWithSecret;
  token: string;
  /** Posts a body to `/import/{source}` of the ingest listener and gives the answer. */
  post(sourceIdentifier: string, body: object | string): Promise<APIResponse>;
  /** Imports entities and expects 202. */
  importEntities(sourceIdentifier: string, entities: object[]): Promise<void>;
};

/** What lies in the database, read past the product. */
export type Stored = {
  entries(sourceId: string): Promise<StoredEntry[]>;
  mapping(sourceId: string): Promise<ColumnMapping>;
  batches(sourceId: string): Promise<number[]>;
};

type Fixtures = {
  /** Role of the signed-in person; `null` for a visitor. Set with `test.use`. */
  role: Role | null;
  tenant: Tenant;
  user: TestUser;
  source: Source;
  ingest: IngestClient;
  stored: Stored;
};

export const STUDIO_URL = process.env["STUDIO_URL"] ?? "http://localhost:3000";
export const INGEST_URL = process.env["INGEST_URL"] ?? "http://localhost:3001";

/** `page` is signed in as an admin of a tenant that only this test has. */
export const test = base.extend<Fixtures, { make: Make }>({
  role: ["admin", { option: true }],

  make: [
    async ({}, give) => {
      const maker = forkMaker();
      await give(orderFrom(maker));
      maker.disconnect();
    },
    { scope: "worker" },
  ],

  tenant: async ({ make }, give) => {
    const id = await make("tenant");
    await give({
      id,
      createUser: (role) => make("user", id, role),
      createSource: (identifier, name = identifier) =>
        make("source", id, identifier, name),
      createProvider: (sources, name = "erp") =>
        make(
          "provider",
          id,
          name,
          sources.map((source) => source.id),
        ),
      createEndpoint: (input) => make("endpoint", id, input),
      fillProperties: (source, count) =>
        make("properties", id, source.id, count),
      createMediaFile: (filename, content) =>
        make("mediaFile", id, filename, content.toString("base64")),
    });
  },

  user: async ({ tenant, role }, give) => {
    await give(await tenant.createUser(role ?? "admin"));
  },

  storageState: async ({ role, user }, give) => {
    if (role === null) return give({ cookies: [], origins: [] });
    const cookie = {
      ...user.cookie,
      ...{ domain: new URL(STUDIO_URL).hostname, path: "/", expires: -1 },
      ...{ httpOnly: true, secure: false, sameSite: "Lax" as const },
    };
    await give({ cookies: [cookie], origins: [] });
  },

  source: async ({ tenant }, give) => {
    await give(await tenant.createSource("products", "Products"));
  },

  stored: async ({ make, tenant }, give) => {
    await give({
      entries: (sourceId) => make("storedEntries", tenant.id, sourceId),
      mapping: (sourceId) => make("latestMapping", tenant.id, sourceId),
      batches: (sourceId) => make("appliedBatches", tenant.id, sourceId),
    });
  },

  ingest: async ({ tenant, source, request }, give) => {
    const provider = await tenant.createProvider([source]);
    await give(await openIngest(request, provider));
  },
});

/** Signs a provider in at the ingest API. */
export async function openIngest(
  request: APIRequestContext,
  provider: ProviderWithSecret,
): Promise<IngestClient> {
  const answer = await request.post(`${INGEST_URL}/dataProviders/tokens`, {
    data: { id: provider.provider.id, secret: provider.secret },
  });
  expect(answer.status()).toBe(200);
  const body = (await answer.json()) as { result: { accessToken: string } };
  const token = body.result.accessToken;

  const post = (sourceIdentifier: string, data: object | string) =>
    request.post(`${INGEST_URL}/import/${sourceIdentifier}`, {
      data,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
      },
    });
  return {
    provider,
    token,
    post,
    async importEntities(sourceIdentifier, entities) {
      const imported = await post(sourceIdentifier, { entities });
      expect(imported.status(), await imported.text()).toBe(202);
    },
  };
}

function forkMaker(): ChildProcess {
  return fork(fileURLToPath(new URL("./tenant-maker.ts", import.meta.url)), {
    execArgv: ["--conditions=react-server", "--import", "tsx"],
    // What Playwright loads into its own processes must not get into this one.
    env: { ...process.env, NODE_OPTIONS: "" },
  });
}

function orderFrom(maker: ChildProcess): Make {
  let orders = 0;
  return ((name: string, ...args: unknown[]) => {
    const order = (orders += 1);
    return new Promise<unknown>((resolve, reject) => {
      const onExit = () => reject(new Error("The tenant maker ended."));
      const onAnswer = (answer: {
        order: number;
        made?: unknown;
        problem?: string;
      }) => {
        if (answer.order !== order) return;
        maker.off("message", onAnswer).off("exit", onExit);
        if (answer.problem === undefined) resolve(answer.made);
        else reject(new Error(`${name}: ${answer.problem}`));
      };
      maker.on("message", onAnswer).on("exit", onExit);
      maker.send({ order, make: name, args });
    });
  }) as Make;
}
