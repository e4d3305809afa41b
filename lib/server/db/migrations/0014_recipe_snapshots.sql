CREATE TABLE "recipe_runs" (
	"tenant_id" uuid NOT NULL,
	"recipe_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"only_changed_since" uuid,
	CONSTRAINT "recipe_runs_tenant_id_recipe_id_run_id_pk" PRIMARY KEY("tenant_id","recipe_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "recipe_snapshot_parts" (
	"tenant_id" uuid NOT NULL,
	"snapshot_id" uuid NOT NULL,
	"part" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "recipe_snapshot_parts_tenant_id_snapshot_id_part_pk" PRIMARY KEY("tenant_id","snapshot_id","part")
);
--> statement-breakpoint
CREATE TABLE "recipe_snapshots" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"recipe_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"keys" integer NOT NULL,
	"measures" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp with time zone,
	CONSTRAINT "recipe_snapshots_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "recipe_snapshots_run" ON "recipe_snapshots" USING btree ("tenant_id","recipe_id","run_id");--> statement-breakpoint
CREATE INDEX "recipe_snapshots_run_id" ON "recipe_snapshots" USING btree ("tenant_id","run_id");