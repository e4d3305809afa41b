CREATE TABLE "access_tokens" (
	"hash" text PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"secret_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"object_id" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "audit_log_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"tenant_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"properties" jsonb NOT NULL,
	"changed_at" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "entries_tenant_id_source_id_key_pk" PRIMARY KEY("tenant_id","source_id","key")
);
--> statement-breakpoint
CREATE TABLE "entry_search" (
	"tenant_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"words" "tsvector" NOT NULL,
	CONSTRAINT "entry_search_tenant_id_source_id_key_pk" PRIMARY KEY("tenant_id","source_id","key")
);
--> statement-breakpoint
CREATE TABLE "import_runs" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"status" text NOT NULL,
	"actor_id" uuid NOT NULL,
	"actor_name" text NOT NULL,
	"file_name" text NOT NULL,
	"file_bytes" bigint NOT NULL,
	"file_hash" text NOT NULL,
	"table_options" jsonb NOT NULL,
	"mapping" jsonb NOT NULL,
	"headers" jsonb NOT NULL,
	"check" jsonb NOT NULL,
	"batches_total" integer NOT NULL,
	"lease_owner" text,
	"lease_until" timestamp with time zone,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "import_runs_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"tenant_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"status" text NOT NULL,
	"request_id" text NOT NULL,
	"correlation_id" text,
	"idempotency_key" text,
	"body_hash" text NOT NULL,
	"bytes" integer NOT NULL,
	"entities" integer DEFAULT 0 NOT NULL,
	"created" integer DEFAULT 0 NOT NULL,
	"updated" integer DEFAULT 0 NOT NULL,
	"unchanged" integer DEFAULT 0 NOT NULL,
	"deleted" integer DEFAULT 0 NOT NULL,
	"ms" integer DEFAULT 0 NOT NULL,
	"flags" text[] DEFAULT '{}' NOT NULL,
	"problems" jsonb,
	"repeats" integer DEFAULT 1 NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "imports_tenant_id_source_id_id_pk" PRIMARY KEY("tenant_id","source_id","id")
);
--> statement-breakpoint
CREATE TABLE "provider_secrets" (
	"tenant_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"hash" text NOT NULL,
	"last4" varchar(4) NOT NULL,
	"created_by" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "provider_secrets_tenant_id_provider_id_id_pk" PRIMARY KEY("tenant_id","provider_id","id")
);
--> statement-breakpoint
CREATE TABLE "provider_sources" (
	"tenant_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	CONSTRAINT "provider_sources_tenant_id_provider_id_source_id_pk" PRIMARY KEY("tenant_id","provider_id","source_id")
);
--> statement-breakpoint
CREATE TABLE "providers" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"created_by" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "providers_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" varchar(255) PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "run_batches" (
	"tenant_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"sequence" integer NOT NULL,
	"hash" text NOT NULL,
	"bytes" integer NOT NULL,
	"entities" integer NOT NULL,
	"created" integer NOT NULL,
	"updated" integer NOT NULL,
	"unchanged" integer NOT NULL,
	"deleted" integer NOT NULL,
	"first_row" integer NOT NULL,
	"last_row" integer NOT NULL,
	"ms" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_batches_tenant_id_run_id_sequence_pk" PRIMARY KEY("tenant_id","run_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "search_jobs" (
	"tenant_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"keys" text[] NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "search_jobs_tenant_id_source_id_id_pk" PRIMARY KEY("tenant_id","source_id","id")
);
--> statement-breakpoint
CREATE TABLE "source_properties" (
	"tenant_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"prop" text COLLATE "C" NOT NULL,
	"entries" bigint DEFAULT 0 NOT NULL,
	"first_seen" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen" timestamp with time zone DEFAULT now() NOT NULL,
	"sample" text,
	CONSTRAINT "source_properties_tenant_id_source_id_prop_pk" PRIMARY KEY("tenant_id","source_id","prop")
);
--> statement-breakpoint
CREATE TABLE "source_stats" (
	"tenant_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"entries" bigint DEFAULT 0 NOT NULL,
	"last_import_at" timestamp with time zone,
	CONSTRAINT "source_stats_tenant_id_source_id_pk" PRIMARY KEY("tenant_id","source_id")
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"identifier" text NOT NULL,
	"name" text NOT NULL,
	"origin_system" text DEFAULT '' NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"created_by" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sources_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"email" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"role" text NOT NULL,
	"password_hash" text NOT NULL,
	"session_generation" integer DEFAULT 1 NOT NULL,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_signed_in_at" timestamp with time zone,
	CONSTRAINT "users_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE INDEX "access_tokens_provider" ON "access_tokens" USING btree ("tenant_id","provider_id");--> statement-breakpoint
CREATE INDEX "access_tokens_expires" ON "access_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "audit_log_at" ON "audit_log" USING btree ("tenant_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "entry_search_words" ON "entry_search" USING gin ("words");--> statement-breakpoint
CREATE INDEX "import_runs_started" ON "import_runs" USING btree ("tenant_id","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "import_runs_source" ON "import_runs" USING btree ("tenant_id","source_id","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "imports_at" ON "imports" USING btree ("tenant_id","source_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "imports_body" ON "imports" USING btree ("tenant_id","source_id","body_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "imports_idempotency" ON "imports" USING btree ("tenant_id","source_id","provider_id","idempotency_key") WHERE idempotency_key is not null;--> statement-breakpoint
CREATE INDEX "provider_sources_source" ON "provider_sources" USING btree ("tenant_id","source_id");--> statement-breakpoint
CREATE INDEX "providers_id" ON "providers" USING btree ("id");--> statement-breakpoint
CREATE INDEX "search_jobs_at" ON "search_jobs" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "sources_identifier" ON "sources" USING btree ("tenant_id",lower("identifier"));--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree ("email");--> statement-breakpoint
-- Small rows that every import updates: room on the page keeps the updates in place.
ALTER TABLE "source_stats" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "source_properties" SET (fillfactor = 50);
