CREATE TABLE "endpoints" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"provider_id" text NOT NULL,
	"secret_sealed" text,
	"secret_end" varchar(8),
	"failures" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp with time zone,
	"created_by" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "endpoints_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "remote_batches" (
	"tenant_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"sequence" integer NOT NULL,
	"source_id" uuid NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"bytes" integer NOT NULL,
	"body" "bytea" NOT NULL,
	"is_ordered" boolean NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lease_id" uuid,
	"is_held" boolean DEFAULT false NOT NULL,
	"last_answer" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "remote_batches_tenant_id_run_id_sequence_pk" PRIMARY KEY("tenant_id","run_id","sequence")
);
--> statement-breakpoint
DROP INDEX "sources_identifier";--> statement-breakpoint
ALTER TABLE "run_batches" ADD COLUMN "answer" jsonb;--> statement-breakpoint
ALTER TABLE "run_batches" ADD COLUMN "attempts" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "endpoint_id" uuid;--> statement-breakpoint
CREATE INDEX "remote_batches_due" ON "remote_batches" USING btree ("due_at") WHERE not is_held;--> statement-breakpoint
CREATE UNIQUE INDEX "sources_remote_identifier" ON "sources" USING btree ("tenant_id","endpoint_id",lower("identifier")) WHERE endpoint_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "sources_identifier" ON "sources" USING btree ("tenant_id",lower("identifier")) WHERE endpoint_id is null;