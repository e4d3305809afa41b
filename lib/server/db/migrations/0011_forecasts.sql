CREATE UNLOGGED TABLE "forecast_entries" (
	"tenant_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"forecast_id" uuid NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"state" text NOT NULL,
	"touched_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "forecast_entries_tenant_id_source_id_forecast_id_key_pk" PRIMARY KEY("tenant_id","source_id","forecast_id","key")
);
--> statement-breakpoint
CREATE INDEX "forecast_entries_touched" ON "forecast_entries" USING btree ("touched_at");