ALTER TABLE "registered_models"
  ADD COLUMN "tags" JSONB NOT NULL DEFAULT '{}',
  -- What a version must show to become the champion.
  ADD COLUMN "gates" JSONB NOT NULL DEFAULT '[]',
  -- The name without case, and every run of one to three of its characters: found by any part of it, in any script.
  ADD COLUMN "search_name" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "search_grams" TEXT[],
  -- Of the versions that are not deleted: the highest, and how many there are.
  ADD COLUMN "latest_version_id" TEXT,
  ADD COLUMN "version_count" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "model_versions"
  ADD COLUMN "tags" JSONB NOT NULL DEFAULT '{}',
  -- The version of the same model that it was converted or quantized from.
  ADD COLUMN "parent_id" TEXT,
  -- The run that its files are from, where another version is what that run made, or the run is of another Mallo.
  ADD COLUMN "origin_run_id" TEXT;

-- Figures are in one place, whether a training measured them or a person said them.
UPDATE "model_versions" SET "metrics" = coalesce("metrics", "result" -> 'metrics', '{}');
ALTER TABLE "model_versions" ALTER COLUMN "metrics" SET NOT NULL, ALTER COLUMN "metrics" SET DEFAULT '{}';

UPDATE "registered_models" m SET
  "latest_version_id" = (
    SELECT "id" FROM "model_versions" v WHERE v."model_id" = m."id" AND v."deleted_at" IS NULL
    ORDER BY "major" DESC, "minor" DESC, "patch" DESC LIMIT 1),
  "version_count" = (SELECT count(*) FROM "model_versions" v WHERE v."model_id" = m."id" AND v."deleted_at" IS NULL),
  "search_name" = lower(normalize("name", NFKC) COLLATE "und-x-icu");
UPDATE "registered_models" SET "search_grams" = ARRAY(
  SELECT DISTINCT substr("search_name", at, length)
  FROM generate_series(1, char_length("search_name")) AS at, generate_series(1, 3) AS length
  WHERE at + length - 1 <= char_length("search_name"));
ALTER TABLE "registered_models" ALTER COLUMN "search_name" DROP DEFAULT;
CREATE INDEX "registered_models_search_grams_idx" ON "registered_models" USING GIN ("search_grams");
CREATE INDEX "registered_models_project_id_updated_at_id_idx" ON "registered_models"("project_id", "updated_at", "id");
CREATE UNIQUE INDEX "registered_models_latest_version_id_key" ON "registered_models"("latest_version_id");
CREATE INDEX "model_versions_parent_id_idx" ON "model_versions"("parent_id");
ALTER TABLE "registered_models" ADD CONSTRAINT "registered_models_latest_version_id_fkey" FOREIGN KEY ("latest_version_id") REFERENCES "model_versions"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "model_versions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Who it was, of a change that was made in another Mallo.
ALTER TABLE "alias_changes" ADD COLUMN "by_name" TEXT;

-- Every change of a model's gates: rows are only ever added.
CREATE TABLE "gate_changes" (
    "id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "user_id" TEXT,
    "by_name" TEXT,
    "reason" TEXT NOT NULL,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "gate_changes_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "gate_changes_model_id_key_key" ON "gate_changes"("model_id", "key");
CREATE UNIQUE INDEX "gate_changes_model_id_position_key" ON "gate_changes"("model_id", "position");
ALTER TABLE "gate_changes" ADD CONSTRAINT "gate_changes_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "registered_models"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "gate_changes" ADD CONSTRAINT "gate_changes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What people write beside a version; the latest counts, and rows are only ever added.
CREATE TABLE "version_notes" (
    "id" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "user_id" TEXT,
    "by_name" TEXT,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "version_notes_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "version_notes_version_id_position_key" ON "version_notes"("version_id", "position");
ALTER TABLE "version_notes" ADD CONSTRAINT "version_notes_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "model_versions"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "version_notes" ADD CONSTRAINT "version_notes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- A registry that was imported into a project: taken over once, however often it is tried.
CREATE TABLE "registry_imports" (
    "project_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "outcome" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "registry_imports_pkey" PRIMARY KEY ("project_id")
);
ALTER TABLE "registry_imports" ADD CONSTRAINT "registry_imports_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;
