CREATE TABLE "run_undo" (
	"tenant_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"sequence" integer NOT NULL,
	"entries" integer NOT NULL,
	"record" "bytea",
	"hashes" "bytea" NOT NULL,
	"kept" "bytea",
	"kept_count" integer DEFAULT 0 NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_undo_tenant_id_run_id_sequence_pk" PRIMARY KEY("tenant_id","run_id","sequence")
);
--> statement-breakpoint
ALTER TABLE "import_runs" ADD COLUMN "kind" text DEFAULT 'import' NOT NULL;--> statement-breakpoint
ALTER TABLE "import_runs" ADD COLUMN "undo_of" uuid;--> statement-breakpoint
CREATE INDEX "run_undo_at" ON "run_undo" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "import_runs_undo" ON "import_runs" USING btree ("tenant_id","undo_of") WHERE undo_of is not null and status <> 'cancelled';