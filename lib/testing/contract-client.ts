import { createProvider } from "@/lib/server/providers/service";
import { createSource } from "@/lib/server/sources/service";
import type {
  MediaFileResult,
  PartialSuccess,
  UploadResult,
} from "@/lib/domain/wire-media-answer";

import type { TestDb } from "./db";
import { commandContext, createTenant } from "./factories";
import { createUploadClient } from "./upload-client";
import { createWireClient } from "./wire-client";
import type { WireMount } from "./wire-mounts";
import { storedValues } from "./wire-provider";

export type Values = Map<string, Map<string, string>>;

/** A tenant with sources, and a program that speaks to one mount the way clients of the contract do. */
export async function createContractClient(
  mount: WireMount,
  database: TestDb,
  identifiers: readonly string[] = ["products"],
) {
  const ctx = commandContext(database.db, await createTenant(database.db));
  const sources = new Map<string, string>();
  for (const identifier of identifiers) {
    const source = await createSource(ctx, {
      ...{ identifier, name: identifier },
      ...{ originSystem: "", description: "" },
    });
    sources.set(identifier, source.id);
  }
  const addProvider = async (of: readonly string[] = identifiers) => {
    const { provider, secret } = await createProvider(ctx, {
      name: of.join(" ") || "media only",
      sourceIds: of.map((identifier) => sources.get(identifier) ?? ""),
    });
    const credentials = { id: provider.id, secret };
    const wire = await createWireClient(mount, credentials);
    return { ...wire, credentials };
  };
  const first = await addProvider();
  const idOf = (identifier: string) => sources.get(identifier) ?? "";
  return {
    ctx,
    idOf,
    addProvider,
    ...first,
    uploads: createUploadClient(mount, first.token),
    /** Status and id of an import. */
    async push(source: string, body: unknown, by = first) {
      const answer = await by.ask<{ id: string }>(
        "POST",
        `/import/${source}`,
        body,
      );
      const { id } = JSON.parse(answer.text) as { id?: string };
      return { status: answer.status, id, errors: answer.errors };
    },
    links: (body: unknown, by = first) =>
      by.ask<PartialSuccess<UploadResult>>("PUT", "/media/uploads/links", body),
    find: (uniqueIdentifiers: string[], by = first) =>
      by.ask<PartialSuccess<MediaFileResult>>("POST", "/media/files/batch", {
        UniqueIdentifiers: uniqueIdentifiers,
      }),
    file: (id: string) =>
      first.ask<MediaFileResult>("GET", `/media/files/${id}`),
    remove: (id: string) => first.ask("DELETE", `/media/files/${id}`),
    stored: (identifier = identifiers[0] ?? ""): Promise<Values> =>
      storedValues({ ctx, source: { id: idOf(identifier), identifier } }),
  };
}

export type ContractClient = Awaited<ReturnType<typeof createContractClient>>;

/** An entity as the official client writes it. */
export function sentEntity(
  Key: string,
  properties: Record<string, string | null>,
  more: { Language?: string | null; Delete?: boolean } = {},
) {
  const { Language = null, Delete = false } = more;
  const Properties = Object.entries(properties).map(([Id, Value]) => ({
    ...{ Id, Value, Language },
  }));
  return { Key, Delete, Properties };
}
