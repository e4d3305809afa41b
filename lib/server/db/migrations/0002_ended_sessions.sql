CREATE TABLE "ended_sessions" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ended_sessions_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
