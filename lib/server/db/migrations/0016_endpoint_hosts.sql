CREATE TABLE "endpoint_hosts" (
	"host" text PRIMARY KEY NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"rests_until" timestamp with time zone,
	"probe_until" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "host" text GENERATED ALWAYS AS (substring(url from '^https?://([^/]+)') || case when url ~ '^https?://[^/]+:[0-9]+(/|$)' then '' when url like 'https:%' then ':443' else ':80' end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "endpoints" DROP COLUMN "failures";--> statement-breakpoint
ALTER TABLE "endpoints" DROP COLUMN "retry_at";