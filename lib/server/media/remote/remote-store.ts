import "server-only";

import type { Context } from "@/lib/server/context";
import {
  conditionsOf,
  type MediaFilter,
} from "@/lib/server/media/search-store";

import { REMOTE_ROWS, type RemoteRow } from "./remote-row";

// As exact as a Date; see the store of our own files.
const NOW = "date_trunc('milliseconds', now())";

/** Of the alias `f`. A held one goes on where it was. */
const FROM_THE_START = `state = case when f.is_held then f.state else 'created' end,
  accepted_at = case when f.is_held then f.accepted_at end,
  upload_id = case when f.is_held then f.upload_id end,
  lookups = case when f.is_held then f.lookups else 0 end,
  arrived_bytes = 0, note = null, is_held = false, attempts = 0,
  lease_id = null, due_at = now(), updated_at = now()`;

export type NewRemoteLink = {
  id: string;
  link: string;
  filename: string;
  uniqueIdentifier: string;
  isIdentifierMade: boolean;
  replaces: string | null;
};

/** Stores links for an endpoint, due at once; gives the ids of all that are stored by now. One whose identifier is on its way there is left out. */
export async function insertRemoteLinks(
  { db, tenantId, actor }: Context,
  place: { endpointId: string; submissionId: string },
  links: NewRemoteLink[],
): Promise<Set<string>> {
  // Two requests that meet wait for each other in one order, so never in a ring.
  const sent = links.toSorted((a, b) =>
    a.uniqueIdentifier < b.uniqueIdentifier ? -1 : 1,
  );
  const ids = links.map(({ id }) => id);
  await db.rows(
    `insert into remote_files (tenant_id, id, endpoint_id, submission_id, link,
       filename, unique_identifier, is_identifier_made, replaces, state,
       actor_id, actor_name, created_at)
     select $1::uuid, r."id", $2::uuid, $3::uuid, r."link", r."filename",
       r."uniqueIdentifier", r."isIdentifierMade", r."replaces", 'created',
       $5::text, $6::text, ${NOW}
     from jsonb_to_recordset($4::text::jsonb) as r("id" uuid, "link" text,
       "filename" text, "uniqueIdentifier" text, "isIdentifierMade" boolean,
       "replaces" text)
     on conflict do nothing`,
    [
      ...[tenantId, place.endpointId, place.submissionId],
      ...[JSON.stringify(sent), actor.id, actor.name],
    ],
  );
  const rows = await db.rows<{ id: string }>(
    `select id from remote_files
     where tenant_id = $1::uuid and id = any($2::uuid[])`,
    [tenantId, ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The files of a submission, or those of them that changed after `since`, less `overlapSeconds`. */
export function selectRemoteOfSubmission(
  { db, tenantId }: Context,
  submissionId: string,
  since: string | null,
  overlapSeconds: number,
): Promise<RemoteRow[]> {
  return db.rows<RemoteRow>(
    `${REMOTE_ROWS}
     where f.tenant_id = $1::uuid and f.submission_id = $2::uuid
       and ($3::timestamptz is null
         or f.updated_at >= $3::timestamptz - make_interval(secs => $4::float8))
     order by f.id`,
    [tenantId, submissionId, since, overlapSeconds],
  );
}

/** How many files a submission has, and the time of the database. */
export async function countRemote(
  { db, tenantId }: Context,
  submissionId: string,
): Promise<{ total: number; until: string }> {
  const [row] = await db.rows<{ now: Date; total: number }>(
    `select now() as now, count(*) as total from remote_files
     where tenant_id = $1::uuid and submission_id = $2::uuid`,
    [tenantId, submissionId],
  );
  return {
    total: row?.total ?? 0,
    until: (row?.now ?? new Date()).toISOString(),
  };
}

/** Files of an endpoint, newest first, as `selectFilePage` gives our own. */
export function selectRemotePage(
  { db, tenantId }: Context,
  endpointId: string,
  filter: MediaFilter,
  after: { createdAt: string; id: string } | undefined,
  rowsMax: number,
): Promise<RemoteRow[]> {
  const params: unknown[] = [tenantId, rowsMax, endpointId];
  const conditions = conditionsOf(filter, after, params);
  return db.rows<RemoteRow>(
    `${REMOTE_ROWS} join remote_files m on m.tenant_id = f.tenant_id and m.id = f.id
     where f.tenant_id = $1::uuid and f.endpoint_id = $3::uuid and ${conditions}
     order by f.created_at desc nulls last, f.id limit $2::int`,
    params,
  );
}

export async function selectRemoteFile(
  { db, tenantId }: Context,
  id: string,
): Promise<RemoteRow | undefined> {
  const [row] = await db.rows<RemoteRow>(
    `${REMOTE_ROWS} where f.tenant_id = $1::uuid and f.id = $2::uuid`,
    [tenantId, id],
  );
  return row;
}

/**
 * Lets a failed, cancelled or held link be sent, or looked for, again; nothing
 * when it is in another state, or another one with its identifier is on its
 * way. Gives the host that it goes to.
 */
export async function retryRemoteLink(
  { db, tenantId }: Context,
  id: string,
): Promise<string | undefined> {
  const [row] = await db
    .rows<{ host: string }>(
      `update remote_files f set ${FROM_THE_START} from endpoints e
       where f.tenant_id = $1::uuid and f.id = $2::uuid
         and (f.state in ('failed', 'cancelled') or f.is_held)
         and e.tenant_id = f.tenant_id and e.id = f.endpoint_id
       returning e.host`,
      [tenantId, id],
    )
    .catch((error: unknown) => {
      if ((error as { code?: unknown }).code === "23505") return [];
      throw error;
    });
  return row?.host;
}

/** Lets failed, cancelled and held links be sent or looked for again, as those of that submission; how many there were. */
export async function reviveRemoteLinks(
  { db, tenantId }: Context,
  ids: string[],
  submissionId: string,
): Promise<number> {
  const rows = await db.rows(
    `update remote_files f set ${FROM_THE_START}, submission_id = $3::uuid
     where f.tenant_id = $1::uuid and f.id = any($2::uuid[])
       and (f.state in ('failed', 'cancelled') or f.is_held)
       and not exists (
         select from remote_files o where o.tenant_id = f.tenant_id
           and o.endpoint_id = f.endpoint_id and o.id <> f.id
           and o.unique_identifier = f.unique_identifier
           and o.state in ('created', 'progress'))
     returning 1`,
    [tenantId, ids, submissionId],
  );
  return rows.length;
}

/** Ends open links: nothing of them is sent or looked for any more. */
export async function cancelRemoteLinks(
  { db, tenantId }: Context,
  ids: string[],
): Promise<number> {
  const rows = await db.rows(
    `update remote_files set state = 'cancelled', lease_id = null,
       is_held = false, note = null, updated_at = now()
     where tenant_id = $1::uuid and id = any($2::uuid[])
       and state in ('created', 'progress') returning 1`,
    [tenantId, ids],
  );
  return rows.length;
}
