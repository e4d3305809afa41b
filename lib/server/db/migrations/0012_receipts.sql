ALTER TABLE "import_runs" ADD COLUMN "continues" uuid;--> statement-breakpoint
ALTER TABLE "run_batches" ADD COLUMN "outcomes" text;--> statement-breakpoint
ALTER TABLE "run_batches" ADD COLUMN "aside" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "run_batches" ADD COLUMN "aside_rows" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "run_batches" ADD COLUMN "set_aside" jsonb;--> statement-breakpoint
CREATE INDEX "import_runs_continues" ON "import_runs" USING btree ("tenant_id","continues") WHERE continues is not null;