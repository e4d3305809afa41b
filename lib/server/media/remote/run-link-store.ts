import "server-only";

import type { MediaState } from "@/lib/domain/media";
import type { RemoteNote } from "@/lib/domain/remote-media";
import type { Context } from "@/lib/server/context";

export type RunLinkRow = {
  id: string;
  link: string;
  state: MediaState;
  isHeld: boolean;
  fileId: string | null;
  publicUrl: string | null;
  note: RemoteNote | null;
  endpointName: string;
  host: string;
};

/** The rows with these ids, in no order. */
export function selectRunLinks(
  { db, tenantId }: Context,
  ids: string[],
): Promise<RunLinkRow[]> {
  return db.rows<RunLinkRow>(
    `select f.id, f.link, f.state, f.is_held as "isHeld", f.file_id as "fileId",
       f.public_url as "publicUrl", f.note, e.name as "endpointName", e.host
     from remote_files f
     join endpoints e on e.tenant_id = f.tenant_id and e.id = f.endpoint_id
     where f.tenant_id = $1::uuid and f.id = any($2::uuid[])`,
    [tenantId, ids],
  );
}

/**
 * Lets held links of a run be sent or looked for, and those that another import
 * into the same endpoint took first: its batches may wait for them. Gives the
 * hosts that they go to.
 */
export async function releaseRemoteLinks(
  { db, tenantId }: Context,
  runId: string,
  identifiersBegin: string,
): Promise<string[]> {
  const rows = await db.rows<{ host: string }>(
    `with free as (
       update remote_files set is_held = false, attempts = 0, note = null,
         due_at = now(), updated_at = now()
       where tenant_id = $1::uuid and is_held and (submission_id = $2::uuid
         or (starts_with(unique_identifier, $3::text) and endpoint_id in (
           select b.endpoint_id from remote_batches b
           where b.tenant_id = $1::uuid and b.run_id = $2::uuid)))
       returning endpoint_id)
     select distinct e.host from endpoints e join free on e.id = free.endpoint_id
     where e.tenant_id = $1::uuid`,
    [tenantId, runId, identifiersBegin],
  );
  return rows.map(({ host }) => host);
}

/** Ends the links of a run that are not sent yet, unless batches of others for the endpoint may wait for them. */
export async function cancelRunLinks(
  { db, tenantId }: Context,
  runId: string,
): Promise<void> {
  await db.rows(
    `update remote_files f set state = 'cancelled', lease_id = null,
       is_held = false, note = null, updated_at = now()
     where f.tenant_id = $1::uuid and f.submission_id = $2::uuid
       and f.state = 'created' and not exists (
         select from remote_batches b where b.tenant_id = f.tenant_id
           and b.endpoint_id = f.endpoint_id and b.run_id <> $2::uuid)`,
    [tenantId, runId],
  );
}
