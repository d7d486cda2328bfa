-- Versions made from uploaded files have no training behind them.
ALTER TABLE "model_versions"
  ALTER COLUMN "config" DROP NOT NULL,
  ALTER COLUMN "config_hash" DROP NOT NULL,
  ALTER COLUMN "dataset_version_sha256" DROP NOT NULL,
  ALTER COLUMN "recipe" DROP NOT NULL,
  ALTER COLUMN "result" DROP NOT NULL,
  -- Of the sender: registered once, however often it is tried.
  ADD COLUMN "key" TEXT,
  ADD COLUMN "framework" TEXT NOT NULL DEFAULT 'pytorch',
  ADD COLUMN "input_shape" JSONB,
  ADD COLUMN "class_names" JSONB,
  ADD COLUMN "dataset_name" TEXT,
  ADD COLUMN "memo" TEXT NOT NULL DEFAULT '',
  -- What the sender says of it; of a training its result tells.
  ADD COLUMN "metrics" JSONB;
CREATE UNIQUE INDEX "model_versions_model_id_key_key" ON "model_versions"("model_id", "key");

-- What a file was found to be; null for one that a training left.
ALTER TABLE "model_artifacts" ADD COLUMN "kind" TEXT;
