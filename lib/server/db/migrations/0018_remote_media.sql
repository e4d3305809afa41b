CREATE TABLE "remote_files" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"submission_id" uuid NOT NULL,
	"link" text NOT NULL,
	"filename" text NOT NULL,
	"unique_identifier" text NOT NULL,
	"is_identifier_made" boolean NOT NULL,
	"replaces" text,
	"state" text NOT NULL,
	"upload_id" text,
	"file_id" text,
	"public_url" text,
	"mime_type" text,
	"size_bytes" bigint,
	"arrived_bytes" bigint DEFAULT 0 NOT NULL,
	"note" jsonb,
	"attempts" integer DEFAULT 0 NOT NULL,
	"lookups" integer DEFAULT 0 NOT NULL,
	"sent_at" timestamp with time zone,
	"accepted_at" timestamp with time zone,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lease_id" uuid,
	"is_held" boolean DEFAULT false NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp with time zone,
	CONSTRAINT "remote_files_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "media_submissions" ADD COLUMN "endpoint_id" uuid;--> statement-breakpoint
ALTER TABLE "remote_files" ADD CONSTRAINT "remote_files_tenant_id_endpoint_id_endpoints_tenant_id_id_fk" FOREIGN KEY ("tenant_id","endpoint_id") REFERENCES "public"."endpoints"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "remote_files_identifier" ON "remote_files" USING btree ("tenant_id","endpoint_id","unique_identifier") WHERE state in ('created', 'progress');--> statement-breakpoint
CREATE INDEX "remote_files_due" ON "remote_files" USING btree ("due_at") WHERE state in ('created', 'progress') and not is_held;--> statement-breakpoint
CREATE INDEX "remote_files_leased" ON "remote_files" USING btree ("lease_id") WHERE lease_id is not null;--> statement-breakpoint
CREATE INDEX "remote_files_submission" ON "remote_files" USING btree ("tenant_id","submission_id","state");--> statement-breakpoint
ALTER TABLE "media_submissions" ADD CONSTRAINT "media_submissions_tenant_id_endpoint_id_endpoints_tenant_id_id_fk" FOREIGN KEY ("tenant_id","endpoint_id") REFERENCES "public"."endpoints"("tenant_id","id") ON DELETE cascade ON UPDATE no action;