import "server-only";

import { randomUUID } from "node:crypto";

import { MEDIA_LIMITS } from "@/lib/domain/limits";
import type { MediaState } from "@/lib/domain/media";
import type { RemoteNote } from "@/lib/domain/remote-media";
import type { Db } from "@/lib/server/db/client";
import { HOST_RESTS } from "@/lib/server/endpoints/service";

/** So long after its process was last heard of another one may take a turn. */
const LEASE_SECONDS = 10;
/** Requests to one endpoint at once, over all processes. */
const TURNS_OF_ENDPOINT_MAX = 3;

export type RemoteLink = {
  id: string;
  link: string;
  filename: string;
  uniqueIdentifier: string;
  isIdentifierMade: boolean;
  replaces: string | null;
  uploadId: string | null;
  fileId: string | null;
  /** It was sent before and may be there, whatever was answered. */
  wasSent: boolean;
  attempts: number;
  lookups: number;
  acceptedAt: Date | null;
};

/** Up to 50 links of one submission that are to be sent, or to be looked for, by this process and no other. */
export type Turn = {
  tenantId: string;
  endpointId: string;
  submissionId: string;
  /** `host:port` of the endpoint. */
  host: string;
  state: "created" | "progress";
  actorId: string;
  actorName: string;
  /** Fences: every write names it, and does nothing once it is another's. */
  leaseId: string;
  links: RemoteLink[];
};

const CLAIM = `with busy as materialized (
  select tenant_id, endpoint_id from remote_files
  where lease_id is not null and due_at > now()
    and state in ('created', 'progress')
  group by tenant_id, endpoint_id
  having count(distinct lease_id) >= ${TURNS_OF_ENDPOINT_MAX}),
open as materialized (
  select e.tenant_id, e.id, e.host from endpoints e
  where not ${HOST_RESTS} and not exists (
    select from busy b where b.tenant_id = e.tenant_id and b.endpoint_id = e.id)),
lead as materialized (
  select f.tenant_id, f.endpoint_id, f.submission_id, f.state, open.host
  from remote_files f
  join open on open.tenant_id = f.tenant_id and open.id = f.endpoint_id
  where f.state in ('created', 'progress') and not f.is_held
    and f.due_at <= now()
  order by f.due_at, f.id limit 1 for update of f skip locked),
due as materialized (
  select f.tenant_id, f.id, lead.host from remote_files f
  join lead on lead.tenant_id = f.tenant_id
    and lead.submission_id = f.submission_id
    and lead.endpoint_id = f.endpoint_id and lead.state = f.state
  where not f.is_held and f.due_at <= now()
  order by f.id limit ${MEDIA_LIMITS.linksPerRequestMax}
  for update of f skip locked)
update remote_files f set lease_id = $1::uuid,
  due_at = now() + make_interval(secs => ${LEASE_SECONDS})
from due where f.tenant_id = due.tenant_id and f.id = due.id
returning f.tenant_id as "tenantId", f.endpoint_id as "endpointId",
  f.submission_id as "submissionId", due.host, f.state, f.actor_id as "actorId",
  f.actor_name as "actorName", f.id, f.link, f.filename,
  f.unique_identifier as "uniqueIdentifier",
  f.is_identifier_made as "isIdentifierMade", f.replaces,
  f.upload_id as "uploadId", f.file_id as "fileId",
  f.sent_at is not null as "wasSent", f.attempts, f.lookups,
  f.accepted_at as "acceptedAt"`;

type ClaimedRow = Omit<Turn, "links" | "leaseId"> & RemoteLink;

/** Takes the next turn that is due, of any tenant; none for a host that rests. Another process may take its links when the lease is over. */
export async function claimTurn(db: Db): Promise<Turn | undefined> {
  const leaseId = randomUUID();
  const rows = await db.rows<ClaimedRow>(CLAIM, [leaseId]);
  const [first] = rows;
  if (!first) return undefined;
  const { tenantId, endpointId, submissionId, host, state } = first;
  const { actorId, actorName } = first;
  return {
    ...{ tenantId, endpointId, submissionId, host, state, actorId, actorName },
    leaseId,
    // The ids of a submission sort like its links.
    links: rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

type Mine = Pick<Turn, "tenantId" | "leaseId">;

/** Keeps turns for this process for as long again; the leases that are still its own. */
export async function renewTurns(
  db: Db,
  turns: readonly Mine[],
): Promise<Set<string>> {
  const rows = await db.rows<{ leaseId: string }>(
    `with renewed as (
       update remote_files f
       set due_at = now() + make_interval(secs => ${LEASE_SECONDS})
       from unnest($1::uuid[], $2::uuid[]) as own (tenant_id, lease_id)
       where f.lease_id = own.lease_id and f.tenant_id = own.tenant_id
       returning f.lease_id)
     select distinct lease_id as "leaseId" from renewed`,
    [
      turns.map(({ tenantId }) => tenantId),
      turns.map(({ leaseId }) => leaseId),
    ],
  );
  return new Set(rows.map(({ leaseId }) => leaseId));
}

/** Notes whether the links may be there: before they are sent, and after the endpoint said that it did not take them. */
export async function writeSent(
  db: Db,
  { tenantId, leaseId }: Mine,
  ids: string[],
  isSent: boolean,
): Promise<void> {
  await db.rows(
    `update remote_files set sent_at = case when $4 then coalesce(sent_at, now()) end
     where tenant_id = $1::uuid and id = any($2::uuid[]) and lease_id = $3::uuid`,
    [tenantId, ids, leaseId, isSent],
  );
}

/** The file that the link replaces is deleted there. */
export async function writeReplaced(
  db: Db,
  { tenantId, leaseId }: Mine,
  id: string,
): Promise<void> {
  await db.rows(
    `update remote_files set replaces = null
     where tenant_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid`,
    [tenantId, id, leaseId],
  );
}

/** What a turn found out of one link; what is left out or null stays. */
export type Outcome = {
  id: string;
  state: Extract<MediaState, "progress" | "failed" | "completed">;
  uploadId?: string | null;
  fileId?: string | null;
  publicUrl?: string | null;
  mimeType?: string | null;
  sizeBytes?: number | null;
  arrivedBytes?: number | null;
  note?: RemoteNote | null;
  lookups: number;
  /** Of one in progress: when to look for it. */
  waitMs?: number;
};

/** Ends the turn for these links. */
export async function writeOutcomes(
  db: Db,
  { tenantId, leaseId }: Mine,
  outcomes: readonly Outcome[],
): Promise<void> {
  if (outcomes.length === 0) return;
  await db.rows(
    `update remote_files f set state = r."state",
       upload_id = coalesce(r."uploadId", f.upload_id),
       file_id = coalesce(r."fileId", f.file_id),
       public_url = coalesce(r."publicUrl", f.public_url),
       mime_type = coalesce(r."mimeType", f.mime_type),
       size_bytes = coalesce(r."sizeBytes", f.size_bytes),
       arrived_bytes = coalesce(r."arrivedBytes", f.arrived_bytes),
       note = case when jsonb_typeof(r."note") = 'object' then r."note" end,
       lookups = r."lookups", attempts = 0, lease_id = null,
       due_at = now() + make_interval(secs => coalesce(r."waitMs", 0) / 1000),
       accepted_at = case when r."state" = 'progress'
         then coalesce(f.accepted_at, now()) else f.accepted_at end,
       completed_at = case when r."state" = 'completed' then now() end,
       updated_at = now()
     from jsonb_to_recordset($3::text::jsonb) as r("id" uuid, "state" text,
       "uploadId" text, "fileId" text, "publicUrl" text, "mimeType" text,
       "sizeBytes" bigint, "arrivedBytes" bigint, "note" jsonb, "lookups" int,
       "waitMs" float8)
     where f.tenant_id = $1::uuid and f.id = r."id" and f.lease_id = $2::uuid
       and f.state in ('created', 'progress')`,
    [tenantId, leaseId, JSON.stringify(outcomes)],
  );
}

/** Gives back what the turn has left, to be tried after so long. Without a note it was not tried at all. */
export async function postponeTurn(
  db: Db,
  { tenantId, leaseId, links }: Turn,
  { ms, note }: { ms: number; note: RemoteNote | null },
): Promise<void> {
  await db.rows(
    `update remote_files set lease_id = null, updated_at = now(),
       due_at = now() + make_interval(secs => $4::float8 / 1000),
       attempts = attempts + case when $5::text is null then 0 else 1 end,
       note = coalesce($5::text::jsonb, note)
     where tenant_id = $1::uuid and id = any($2::uuid[]) and lease_id = $3::uuid`,
    [
      ...[tenantId, links.map(({ id }) => id), leaseId, ms],
      note && JSON.stringify(note),
    ],
  );
}

/** Nothing more of the submission is sent, or looked for, until a person wants it. What others have under way ends as it does. */
export async function holdTurn(
  db: Db,
  { tenantId, leaseId, submissionId, endpointId, state }: Turn,
  note: RemoteNote,
): Promise<void> {
  await db.rows(
    `update remote_files set is_held = true, lease_id = null,
       note = $6::text::jsonb, updated_at = now()
     where tenant_id = $1::uuid and submission_id = $2::uuid
       and endpoint_id = $3::uuid and state = $4
       and (lease_id is null or lease_id = $5::uuid or due_at <= now())`,
    [
      ...[tenantId, submissionId, endpointId, state, leaseId],
      JSON.stringify(note),
    ],
  );
}
