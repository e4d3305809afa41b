CREATE TABLE "remote_answers" (
	"tenant_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"sequence" integer NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "remote_answers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"asked" text NOT NULL,
	"from_at" integer NOT NULL,
	"to_at" integer NOT NULL,
	"entities" integer NOT NULL,
	"outcome" text NOT NULL,
	"status" integer,
	"request_id" text,
	"excerpt" text NOT NULL,
	"ms" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"more" integer DEFAULT 0 NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "remote_answers_tenant_id_run_id_sequence_id_pk" PRIMARY KEY("tenant_id","run_id","sequence","id")
);
--> statement-breakpoint
ALTER TABLE "remote_batches" ADD COLUMN "first_row" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "remote_batches" ADD COLUMN "last_row" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "remote_batches" ADD COLUMN "entities" integer DEFAULT 0 NOT NULL;