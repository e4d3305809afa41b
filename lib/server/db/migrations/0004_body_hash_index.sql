DROP INDEX "imports_body";--> statement-breakpoint
CREATE INDEX "imports_body_hash" ON "imports" USING btree ("body_hash");