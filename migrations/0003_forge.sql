CREATE TABLE "commander"."deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"event" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commander"."forge_commands" (
	"repository" text NOT NULL,
	"comment_id" bigint NOT NULL,
	"pull" integer NOT NULL,
	"person" text NOT NULL,
	"command" text NOT NULL,
	"state" text NOT NULL,
	"answer" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "forge_commands_repository_comment_id_pk" PRIMARY KEY("repository","comment_id")
);
--> statement-breakpoint
CREATE TABLE "commander"."forge_notes" (
	"repository" text NOT NULL,
	"key" text NOT NULL,
	"remote_id" text NOT NULL,
	"content" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "forge_notes_repository_key_pk" PRIMARY KEY("repository","key")
);
--> statement-breakpoint
ALTER TABLE "commander"."plans" ADD COLUMN "hold" text;--> statement-breakpoint
CREATE INDEX "deliveries_by_time" ON "commander"."deliveries" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "forge_commands_of_pull" ON "commander"."forge_commands" USING btree ("repository","pull","comment_id");--> statement-breakpoint
CREATE INDEX "plans_of_proposal" ON "commander"."plans" USING btree ("repository",("proposal"->>'number')) WHERE "commander"."plans"."proposal" is not null;