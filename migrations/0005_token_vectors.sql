ALTER TABLE "commander"."sop_embeddings" ADD COLUMN "token_ids" "bytea";--> statement-breakpoint
ALTER TABLE "commander"."sop_embeddings" ADD COLUMN "token_vectors" "bytea";--> statement-breakpoint
ALTER TABLE "commander"."sop_passages" ADD COLUMN "context" text DEFAULT '' NOT NULL;