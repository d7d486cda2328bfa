-- Programs make models without saying what for.
ALTER TABLE "registered_models"
  ALTER COLUMN "task_type" DROP NOT NULL,
  ADD COLUMN "description" TEXT NOT NULL DEFAULT '',
  -- Of a model that was deleted with all its versions, its name is free for another.
  ADD COLUMN "deleted_at" TIMESTAMPTZ(3);

ALTER TABLE "model_versions"
  -- In the order of registration, from 1; what MLflow calls the version.
  ADD COLUMN "number" INTEGER,
  -- When its description or stage last changed.
  ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  -- Of a version that came over MLflow: its source, run, params and flavors.
  ADD COLUMN "logged" JSONB;
UPDATE "model_versions" v SET "number" = n."number", "updated_at" = v."created_at" FROM (
  SELECT "id", row_number() OVER (PARTITION BY "model_id" ORDER BY "major", "minor", "patch") AS "number"
  FROM "model_versions") n WHERE n."id" = v."id";
ALTER TABLE "model_versions" ALTER COLUMN "number" SET NOT NULL;
CREATE UNIQUE INDEX "model_versions_model_id_number_key" ON "model_versions"("model_id", "number");
