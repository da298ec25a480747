CREATE SCHEMA IF NOT EXISTS "commander";
--> statement-breakpoint
CREATE SEQUENCE "commander"."tokens" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "commander"."audit_events" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"digest" text,
	"reason" text NOT NULL,
	"data" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commander"."audit_head" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"sequence" bigint NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_head_only" CHECK ("commander"."audit_head"."only")
);
--> statement-breakpoint
CREATE TABLE "commander"."executions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "commander"."executions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"action" text NOT NULL,
	"service" text NOT NULL,
	"environments" jsonb NOT NULL,
	"plan_digest" text NOT NULL,
	"release_id" text,
	"status" text NOT NULL,
	"reason" text NOT NULL,
	"epoch" bigint NOT NULL,
	"abort" text,
	"correlation_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "commander"."incidents" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "commander"."incidents_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"release_id" text NOT NULL,
	"service" text NOT NULL,
	"environment" text NOT NULL,
	"repository" text NOT NULL,
	"version" text NOT NULL,
	"commit" text NOT NULL,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"evidence" jsonb,
	"timeline" jsonb NOT NULL,
	"execution_id" bigint,
	"written_commit" text,
	"branch" text,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "incidents_one_per_release" UNIQUE("release_id")
);
--> statement-breakpoint
CREATE TABLE "commander"."intents" (
	"id" text PRIMARY KEY NOT NULL,
	"repository" text NOT NULL,
	"path" text NOT NULL,
	"name" text NOT NULL,
	"blob" text NOT NULL,
	"commit" text NOT NULL,
	"revision" text,
	"document" jsonb,
	"state" text NOT NULL,
	"detail" jsonb NOT NULL,
	"plan_digest" text,
	"check_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commander"."lanes" (
	"service" text NOT NULL,
	"environment" text NOT NULL,
	"holder" bigint,
	"current_release" text,
	"fence" bigint NOT NULL,
	CONSTRAINT "lanes_service_environment_pk" PRIMARY KEY("service","environment")
);
--> statement-breakpoint
CREATE TABLE "commander"."plans" (
	"digest" text PRIMARY KEY NOT NULL,
	"intent_id" text NOT NULL,
	"repository" text NOT NULL,
	"service" text NOT NULL,
	"status" text NOT NULL,
	"status_reason" text NOT NULL,
	"plan" jsonb NOT NULL,
	"path" text NOT NULL,
	"file" text NOT NULL,
	"body" text NOT NULL,
	"proposal" jsonb,
	"approved_by" jsonb NOT NULL,
	"approved_commit" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commander"."quarantine" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "commander"."quarantine_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"service" text NOT NULL,
	"commit" text NOT NULL,
	"version" text NOT NULL,
	"reason" text NOT NULL,
	"incident_id" bigint,
	"created_at" timestamp (3) with time zone NOT NULL,
	"lifted_at" timestamp (3) with time zone,
	"lifted_by" text
);
--> statement-breakpoint
CREATE TABLE "commander"."releases" (
	"id" text PRIMARY KEY NOT NULL,
	"service" text NOT NULL,
	"environment" text NOT NULL,
	"runtime" text NOT NULL,
	"version" text NOT NULL,
	"commit" text NOT NULL,
	"tag" text NOT NULL,
	"artifact" text,
	"instance" jsonb,
	"state" text NOT NULL,
	"spec" jsonb NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"guards" jsonb NOT NULL,
	"plan_digest" text NOT NULL,
	"execution_id" bigint NOT NULL,
	"baseline" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"current_at" timestamp (3) with time zone,
	"good_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"end_reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commander"."execution_steps" (
	"execution_id" bigint NOT NULL,
	"index" integer NOT NULL,
	"environment" text NOT NULL,
	"step" jsonb NOT NULL,
	"status" text NOT NULL,
	"attempts" integer NOT NULL,
	"detail" text NOT NULL,
	"output" text NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "execution_steps_execution_id_index_pk" PRIMARY KEY("execution_id","index")
);
--> statement-breakpoint
CREATE TABLE "commander"."watches" (
	"release_id" text PRIMARY KEY NOT NULL,
	"execution_id" bigint NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"guards" jsonb NOT NULL,
	"state" jsonb,
	"verdict" text NOT NULL,
	"reason" text NOT NULL,
	"ticked_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "commander"."workers" (
	"worker_id" text PRIMARY KEY NOT NULL,
	"lock_key" bigint NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "commander"."execution_steps" ADD CONSTRAINT "execution_steps_execution_id_executions_id_fk" FOREIGN KEY ("execution_id") REFERENCES "commander"."executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_of_subject" ON "commander"."audit_events" USING btree ("subject","sequence");--> statement-breakpoint
CREATE INDEX "audit_events_of_digest" ON "commander"."audit_events" USING btree ("digest","sequence");--> statement-breakpoint
CREATE INDEX "executions_of_plan" ON "commander"."executions" USING btree ("plan_digest");--> statement-breakpoint
CREATE INDEX "executions_of_service" ON "commander"."executions" USING btree ("service","id");--> statement-breakpoint
CREATE INDEX "executions_by_status" ON "commander"."executions" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "incidents_by_state" ON "commander"."incidents" USING btree ("state");--> statement-breakpoint
CREATE INDEX "incidents_unwritten" ON "commander"."incidents" USING btree ("id") WHERE "commander"."incidents"."written_commit" is null;--> statement-breakpoint
CREATE INDEX "intents_of_repository" ON "commander"."intents" USING btree ("repository") WHERE "commander"."intents"."state" <> 'withdrawn';--> statement-breakpoint
CREATE INDEX "intents_by_name" ON "commander"."intents" USING btree ("name");--> statement-breakpoint
CREATE INDEX "intents_by_state" ON "commander"."intents" USING btree ("state","updated_at");--> statement-breakpoint
CREATE INDEX "intents_by_change" ON "commander"."intents" USING btree ("updated_at") WHERE "commander"."intents"."state" <> 'withdrawn';--> statement-breakpoint
CREATE INDEX "intents_due" ON "commander"."intents" USING btree ("check_at") WHERE "commander"."intents"."check_at" is not null;--> statement-breakpoint
CREATE INDEX "intents_by_plan" ON "commander"."intents" USING btree ("plan_digest") WHERE "commander"."intents"."plan_digest" is not null;--> statement-breakpoint
CREATE INDEX "plans_of_intent" ON "commander"."plans" USING btree ("intent_id","created_at");--> statement-breakpoint
CREATE INDEX "plans_by_status" ON "commander"."plans" USING btree ("status","created_at");--> statement-breakpoint
CREATE INDEX "plans_open" ON "commander"."plans" USING btree ("repository") WHERE "commander"."plans"."status" = 'pending_approval';--> statement-breakpoint
CREATE INDEX "plans_open_of_service" ON "commander"."plans" USING btree ("service") WHERE "commander"."plans"."status" = 'pending_approval';--> statement-breakpoint
CREATE INDEX "quarantine_active" ON "commander"."quarantine" USING btree ("service") WHERE "commander"."quarantine"."lifted_at" is null;--> statement-breakpoint
CREATE INDEX "releases_of_lane" ON "commander"."releases" USING btree ("service","environment","created_at");--> statement-breakpoint
CREATE INDEX "releases_good" ON "commander"."releases" USING btree ("service","environment","good_at") WHERE "commander"."releases"."good_at" is not null;--> statement-breakpoint
CREATE INDEX "releases_of_execution" ON "commander"."releases" USING btree ("execution_id");--> statement-breakpoint
CREATE INDEX "releases_by_state" ON "commander"."releases" USING btree ("state");--> statement-breakpoint
CREATE INDEX "watches_active" ON "commander"."watches" USING btree ("started_at") WHERE "commander"."watches"."ended_at" is null;