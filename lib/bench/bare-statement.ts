/**
 * The reference of the import figures: the merge alone, no counts, no log, no
 * change times. $1 tenant, $2 source, $3 `[{"k": key, "p": values}]`.
 */
export const MERGE_BARE = `
insert into entries as t (tenant_id, source_id, key, properties)
select $1::uuid, $2::uuid, x.k, x.p from jsonb_to_recordset($3::text::jsonb) as x(k text, p jsonb)
on conflict (tenant_id, source_id, key) do update
set properties = t.properties || excluded.properties, version = t.version + 1, updated_at = excluded.updated_at`;
