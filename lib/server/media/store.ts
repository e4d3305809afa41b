import "server-only";

import { extensionOf, typeByFilename } from "@/lib/domain/media-type";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";

import { IS_FOUND, MEDIA_COLUMNS, type MediaRow } from "./media-row";

// As exact as a Date, or a page's last row could not say where the next begins.
const NOW = "date_trunc('milliseconds', now())";

/** A link that is to be stored; `host` is `host:port`. */
export type NewLink = {
  id: string;
  link: string;
  filename: string;
  uniqueIdentifier: string | null;
  host: string;
};

/** Stores links, due at once, and gives those that were: a link whose identifier is taken is left out. */
export async function insertLinks(
  ctx: Context,
  links: NewLink[],
  submissionId: string | null,
): Promise<MediaRow[]> {
  const sent = links
    .map((link) => ({
      ...link,
      mimeType: typeByFilename(link.filename) ?? null,
      extension: extensionOf(link.filename),
    }))
    // Two requests that meet wait for each other in one order, so never in a ring.
    .sort((a, b) => compare(a.uniqueIdentifier, b.uniqueIdentifier));
  return ctx.db.rows<MediaRow>(
    `insert into media_files as m (tenant_id, id, unique_identifier, filename,
       origin, state, source_url, host, mime_type, extension, due_at,
       submission_id, actor_id, actor_name, created_at)
     select $1::uuid, r."id", r."uniqueIdentifier", r."filename", 'link',
       'created', r."link", r."host", r."mimeType", r."extension", now(),
       $3::uuid, $4::text, $5::text, ${NOW}
     from jsonb_to_recordset($2::text::jsonb) as r("id" uuid,
       "uniqueIdentifier" text, "filename" text, "link" text, "host" text,
       "mimeType" text, "extension" text)
     on conflict do nothing
     returning ${MEDIA_COLUMNS}`,
    [
      ctx.tenantId,
      JSON.stringify(sent),
      submissionId,
      ctx.actor.id,
      ctx.actor.name,
    ],
  );
}

/**
 * Drops unfinished direct uploads that have the identifiers of these links and
 * stores the links in their place, if there are any. Call it in a transaction.
 */
export async function replaceUnfinishedUploads(
  ctx: Context,
  links: NewLink[],
  submissionId: string | null,
): Promise<MediaRow[]> {
  // Their pieces are in nobody's way: the sweep removes them.
  const dropped = await ctx.db.rows(
    `delete from media_files where tenant_id = $1::uuid
       and unique_identifier = any($2::text[]) and origin = 'upload'
       and state in ('created', 'progress')
     returning id`,
    [
      ctx.tenantId,
      links.flatMap(({ uniqueIdentifier }) => uniqueIdentifier ?? []),
    ],
  );
  return dropped.length > 0 ? insertLinks(ctx, links, submissionId) : [];
}

/** The rows with these ids, in no order. */
export function selectFiles(
  { db, tenantId }: Context,
  ids: string[],
): Promise<MediaRow[]> {
  return db.rows<MediaRow>(
    `select ${MEDIA_COLUMNS} from media_files m
     where m.tenant_id = $1::uuid and m.id = any($2::uuid[])`,
    [tenantId, ids],
  );
}

/** The files that hold one of these identifiers. */
export function selectByIdentifiers(
  { db, tenantId }: Context,
  uniqueIdentifiers: string[],
): Promise<MediaRow[]> {
  return db.rows<MediaRow>(
    `select ${MEDIA_COLUMNS} from media_files m
     where m.tenant_id = $1::uuid and m.unique_identifier = any($2::text[])
       and m.state in ('created', 'progress', 'completed') and ${IS_FOUND}`,
    [tenantId, uniqueIdentifiers],
  );
}

/** Links without identifier of one submission of the last 3 minutes that are not failed or cancelled, oldest first. */
export function selectRepeats(
  { db, tenantId }: Context,
  submissionId: string,
): Promise<MediaRow[]> {
  return db.rows<MediaRow>(
    `select ${MEDIA_COLUMNS} from media_files m
     where m.tenant_id = $1::uuid and m.submission_id = $2::uuid
       and m.unique_identifier is null
       and m.state in ('created', 'progress', 'completed')
       and m.created_at > now() - interval '3 minutes'
     order by m.created_at, m.id`,
    [tenantId, submissionId],
  );
}

/** Removes the row, whatever its state, and gives it. */
export async function deleteFile(
  { db, tenantId }: Context,
  id: string,
): Promise<MediaRow | undefined> {
  const [row] = await db.rows<MediaRow>(
    `delete from media_files m where m.tenant_id = $1::uuid and m.id = $2::uuid
     returning ${MEDIA_COLUMNS}`,
    [tenantId, id],
  );
  return row;
}

function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return (a ?? "") < (b ?? "") ? -1 : 1;
}

/**
 * Those of the files that may yet end within `ms`: a link that is to be tried
 * again after that is left out. Of any tenants, because the caller names them.
 */
export async function selectUnsettled(
  db: Db,
  files: { tenantId: string; id: string }[],
  ms: number,
): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(
    `select m.id from unnest($1::uuid[], $2::uuid[]) as asked (tenant_id, id)
     join media_files m on m.tenant_id = asked.tenant_id and m.id = asked.id
     where m.state = 'progress' or (m.state = 'created'
       and m.due_at <= now() + make_interval(secs => $3::float8 / 1000))`,
    [files.map(({ tenantId }) => tenantId), files.map(({ id }) => id), ms],
  );
  return rows.map(({ id }) => id);
}
