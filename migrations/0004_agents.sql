CREATE TABLE "commander"."model_answers" (
	"key" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"model" text NOT NULL,
	"value" jsonb NOT NULL,
	"input_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"cost_usd" double precision,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commander"."sop_controls" (
	"sop" text NOT NULL,
	"sentence" text NOT NULL,
	"control" jsonb,
	"model" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sop_controls_sop_sentence_pk" PRIMARY KEY("sop","sentence")
);
--> statement-breakpoint
CREATE TABLE "commander"."sop_embeddings" (
	"passage" text NOT NULL,
	"embedder" text NOT NULL,
	"vector" "bytea" NOT NULL,
	CONSTRAINT "sop_embeddings_embedder_passage_pk" PRIMARY KEY("embedder","passage")
);
--> statement-breakpoint
CREATE TABLE "commander"."sop_passages" (
	"id" text PRIMARY KEY NOT NULL,
	"repository" text NOT NULL,
	"sop" text NOT NULL,
	"path" text NOT NULL,
	"title" text NOT NULL,
	"headings" jsonb NOT NULL,
	"text" text NOT NULL,
	"place" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commander"."waivers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "commander"."waivers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"intent_id" text NOT NULL,
	"revision" text NOT NULL,
	"source" text NOT NULL,
	"quote" text NOT NULL,
	"reason" text NOT NULL,
	"person" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "commander"."incidents" ADD COLUMN "summary" jsonb;--> statement-breakpoint
ALTER TABLE "commander"."sop_embeddings" ADD CONSTRAINT "sop_embeddings_passage_sop_passages_id_fk" FOREIGN KEY ("passage") REFERENCES "commander"."sop_passages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "model_answers_by_time" ON "commander"."model_answers" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "sop_passages_of_repository" ON "commander"."sop_passages" USING btree ("repository");--> statement-breakpoint
CREATE INDEX "waivers_of_intent" ON "commander"."waivers" USING btree ("intent_id","revision");