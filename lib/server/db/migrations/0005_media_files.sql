CREATE TABLE "media_files" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"unique_identifier" text,
	"filename" text NOT NULL,
	"origin" text NOT NULL,
	"state" text NOT NULL,
	"source_url" text,
	"host" text,
	"size_bytes" bigint,
	"arrived_bytes" bigint DEFAULT 0 NOT NULL,
	"mime_type" text,
	"extension" text DEFAULT '' NOT NULL,
	"media_info" jsonb,
	"content_hash" text,
	"storage_key" text,
	"failure_code" text,
	"failure_status" integer,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone,
	"lease_id" uuid,
	"lease_until" timestamp with time zone,
	"submission_id" uuid,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp with time zone,
	CONSTRAINT "media_files_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "media_files_identifier" ON "media_files" USING btree ("tenant_id","unique_identifier") WHERE unique_identifier is not null and state in ('created', 'progress', 'completed');--> statement-breakpoint
CREATE INDEX "media_files_due" ON "media_files" USING btree ("due_at") WHERE state in ('created', 'progress');--> statement-breakpoint
CREATE INDEX "media_files_created" ON "media_files" USING btree ("tenant_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "media_files_submission" ON "media_files" USING btree ("tenant_id","submission_id");