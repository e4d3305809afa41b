import "server-only";

import type { MediaState } from "@/lib/domain/media";
import { TYPE_BEGINNINGS, type MediaKind } from "@/lib/domain/media-type";
import type { Context } from "@/lib/server/context";

import { MEDIA_COLUMNS, type MediaRow } from "./media-row";

export type MediaFilter = {
  /** Somewhere in the file name or unique identifier, in any case; or the whole id. */
  text?: string | undefined;
  type?: MediaKind | undefined;
  state?: MediaState | undefined;
  submissionId?: string | undefined;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Newest first; of one moment, by id. `after` is the last row of the page before. */
export function selectFilePage(
  { db, tenantId }: Context,
  filter: MediaFilter,
  after: { createdAt: string; id: string } | undefined,
  rowsMax: number,
): Promise<MediaRow[]> {
  const params: unknown[] = [tenantId, rowsMax];
  const conditions = conditionsOf(filter, after, params);
  return db.rows<MediaRow>(
    `select ${MEDIA_COLUMNS} from media_files m
     where m.tenant_id = $1::uuid and ${conditions}
     order by m.created_at desc nulls last, m.id limit $2::int`,
    params,
  );
}

/** SQL of what narrows a list of files with the alias `m`, and of where it goes on; puts its parameters behind the others. */
export function conditionsOf(
  { text, type, state, submissionId }: MediaFilter,
  after: { createdAt: string; id: string } | undefined,
  params: unknown[],
): string {
  const param = (value: unknown) => `$${params.push(value)}`;
  const conditions = ["true"];

  if (text) {
    const like = param(`%${text.replace(/[\\%_]/g, "\\$&")}%`);
    const byId = UUID.test(text) ? ` or m.id = ${param(text)}::uuid` : "";
    conditions.push(
      `(m.filename ilike ${like}::text or m.unique_identifier ilike ${like}::text${byId})`,
    );
  }
  if (type === "other") {
    const starts = Object.values(TYPE_BEGINNINGS).flat();
    conditions.push(`(m.mime_type is null or not ${isTyped(param(starts))})`);
  } else if (type) {
    conditions.push(isTyped(param([...TYPE_BEGINNINGS[type]])));
  }
  if (state) conditions.push(`m.state = ${param(state)}::text`);
  if (submissionId)
    conditions.push(`m.submission_id = ${param(submissionId)}::uuid`);
  if (after) {
    const at = param(after.createdAt);
    conditions.push(
      // The first line is where the index is entered; all before it would be read otherwise.
      `m.created_at <= ${at}::timestamptz
       and (m.created_at < ${at}::timestamptz or m.id > ${param(after.id)}::uuid)`,
    );
  }
  return conditions.join(" and ");
}

function isTyped(starts: string): string {
  return `exists (select from unnest(${starts}::text[]) start where starts_with(m.mime_type, start))`;
}

export type StateCounts = { state: MediaState; files: number; bytes: number };

/** How many files of a submission are in each state, and the bytes of them that have arrived. */
export function countByState(
  { db, tenantId }: Context,
  submissionId: string,
): Promise<StateCounts[]> {
  return db.rows<StateCounts>(
    `select state, count(*) as files, sum(arrived_bytes)::bigint as bytes
     from media_files
     where tenant_id = $1::uuid and submission_id = $2::uuid group by state`,
    [tenantId, submissionId],
  );
}
