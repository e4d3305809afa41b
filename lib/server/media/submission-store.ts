import "server-only";

import type { MediaState } from "@/lib/domain/media";
import type { EndpointChoice } from "@/lib/domain/remote-media";
import type { Context } from "@/lib/server/context";

import type { ListPlace } from "./list-place";

/** Of the submission named `s`, whether its files are here or at an endpoint. */
const FILES_BY_STATE = `select count(*) filter (where state = 'created') as created,
         count(*) filter (where state = 'progress') as progress,
         count(*) filter (where state = 'failed') as failed,
         count(*) filter (where state = 'cancelled') as cancelled,
         count(*) filter (where state = 'completed') as completed
       from (select state from media_files m
         where m.tenant_id = s.tenant_id and m.submission_id = s.id
         union all select state from remote_files f
         where f.tenant_id = s.tenant_id and f.submission_id = s.id) files`;

export type SubmissionRow = {
  id: string;
  actor_name: string;
  links: number;
  answered: number;
  refused: number;
  created_at: Date;
  /** All three null for one to this Studio. */
  endpoint_id: string | null;
  endpoint_name: string | null;
  endpoint_url: string | null;
};

const ENDPOINT = `s.endpoint_id, e.name as endpoint_name, e.url as endpoint_url`;
const JOIN_ENDPOINT = `left join endpoints e
  on e.tenant_id = s.tenant_id and e.id = s.endpoint_id`;

/** Where a submission goes; null: to this Studio. */
export function endpointOf({
  endpoint_id: id,
  endpoint_name: name,
  endpoint_url: url,
}: SubmissionRow): EndpointChoice | null {
  if (id === null || name === null || url === null) return null;
  return { id, name, host: new URL(url).host };
}

/** Notes a submission with its first batch; one that is there stays as it is. False when that one goes elsewhere. */
export async function insertSubmission(
  { db, tenantId, actor }: Context,
  id: string,
  links: number,
  endpointId: string | null,
): Promise<boolean> {
  await db.rows(
    // Whole milliseconds: a place in the list is told in them.
    `insert into media_submissions
       (tenant_id, id, actor_id, actor_name, links, endpoint_id, created_at)
     values ($1::uuid, $2::uuid, $3::text, $4::text, $5::int, $6::uuid,
       date_trunc('milliseconds', now()))
     on conflict (tenant_id, id) do nothing`,
    [tenantId, id, actor.id, actor.name, links, endpointId],
  );
  const [row] = await db.rows<{ same: boolean }>(
    `select endpoint_id is not distinct from $3::uuid as same
     from media_submissions where tenant_id = $1::uuid and id = $2::uuid`,
    [tenantId, id, endpointId],
  );
  return row?.same ?? false;
}

/** Notes that the links before `answered` were taken but for `refused` more. A batch that comes twice counts once. */
export async function advanceSubmission(
  { db, tenantId }: Context,
  id: string,
  answered: number,
  refused: number,
): Promise<void> {
  await db.rows(
    `update media_submissions set
       refused = refused + case when answered < $3::int then $4::int else 0 end,
       answered = greatest(answered, $3::int), updated_at = now()
     where tenant_id = $1::uuid and id = $2::uuid`,
    [tenantId, id, answered, refused],
  );
}

/** A submission, and whether its browser was heard of within `seconds`; nothing for links of a program. */
export async function selectSubmission(
  { db, tenantId }: Context,
  id: string,
  seconds: number,
): Promise<(SubmissionRow & { is_heard: boolean }) | undefined> {
  const [row] = await db.rows<SubmissionRow & { is_heard: boolean }>(
    `select s.id, s.actor_name, s.links, s.answered, s.refused, s.created_at,
       s.updated_at > now() - make_interval(secs => $3::float8) as is_heard,
       ${ENDPOINT}
     from media_submissions s ${JOIN_ENDPOINT}
     where s.tenant_id = $1::uuid and s.id = $2::uuid`,
    [tenantId, id, seconds],
  );
  return row;
}

/** Newest first, with how many files are in each state. */
export function selectSubmissionPage(
  { db, tenantId }: Context,
  after: ListPlace | undefined,
  rowsMax: number,
): Promise<(SubmissionRow & Record<MediaState, number>)[]> {
  return db.rows(
    `with page as materialized (
       select tenant_id, id, actor_name, links, answered, refused, created_at,
         endpoint_id
       from media_submissions
       where tenant_id = $1::uuid and links > 0 and ($2::timestamptz is null
         or created_at < $2::timestamptz
         or (created_at = $2::timestamptz and id > $3::uuid))
       order by created_at desc nulls last, id limit $4::int
     )
     select s.*, f.*, ${ENDPOINT} from page s ${JOIN_ENDPOINT}
     cross join lateral (${FILES_BY_STATE}) f
     order by s.created_at desc, s.id`,
    [tenantId, after?.createdAt ?? null, after?.id ?? null, rowsMax],
  );
}

/** Counts the links of one more batch of a run, which is noted with its first. */
export async function addToSubmission(
  { db, tenantId, actor }: Context,
  id: string,
  {
    taken,
    known,
    endpointId = null,
  }: { taken: number; known: number; endpointId?: string | null },
): Promise<void> {
  await db.rows(
    `insert into media_submissions as s
       (tenant_id, id, actor_id, actor_name, links, answered, known,
       endpoint_id, created_at)
     values ($1::uuid, $2::uuid, $3::text, $4::text, $5::int, $5::int, $6::int,
       $7::uuid, date_trunc('milliseconds', now()))
     on conflict (tenant_id, id) do update set links = s.links + $5::int,
       answered = s.answered + $5::int, known = s.known + $6::int,
       updated_at = now()`,
    [tenantId, id, actor.id, actor.name, taken, known, endpointId],
  );
}

/** A submission's numbers alone, with how many files are in each state. */
export async function countSubmission(
  { db, tenantId }: Context,
  id: string,
): Promise<
  ({ links: number; known: number } & Record<MediaState, number>) | undefined
> {
  const [row] = await db.rows<
    { links: number; known: number } & Record<MediaState, number>
  >(
    `select s.links, s.known, f.* from media_submissions s
     cross join lateral (${FILES_BY_STATE}) f
     where s.tenant_id = $1::uuid and s.id = $2::uuid`,
    [tenantId, id],
  );
  return row;
}
