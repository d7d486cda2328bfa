ALTER TABLE "model_versions"
  -- Why it should no longer be used.
  ADD COLUMN "deprecation" TEXT,
  ADD COLUMN "deleted_at" TIMESTAMPTZ(3),
  -- The row of a purged version stays, so that its number is never given to other bytes.
  ADD COLUMN "purged_at" TIMESTAMPTZ(3);

CREATE INDEX "model_versions_deleted_at_idx" ON "model_versions"("deleted_at");
