CREATE TABLE "media_parts" (
	"tenant_id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"start_at" bigint NOT NULL,
	"bytes" bigint NOT NULL,
	"storage_key" text NOT NULL,
	"content_hash" text NOT NULL,
	CONSTRAINT "media_parts_tenant_id_file_id_start_at_pk" PRIMARY KEY("tenant_id","file_id","start_at")
);
