CREATE TABLE "model_aliases" (
    "model_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,

    CONSTRAINT "model_aliases_pkey" PRIMARY KEY ("model_id","name")
);
CREATE INDEX "model_aliases_version_id_idx" ON "model_aliases"("version_id");
ALTER TABLE "model_aliases" ADD CONSTRAINT "model_aliases_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "registered_models"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "model_aliases" ADD CONSTRAINT "model_aliases_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "model_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Every change of a model's aliases: rows are only ever added.
CREATE TABLE "alias_changes" (
    "id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    -- Of the sender, or the run that ended: done once, however often it is tried.
    "key" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "user_id" TEXT,
    "reason" TEXT NOT NULL,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alias_changes_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "alias_changes_model_id_key_key" ON "alias_changes"("model_id", "key");
CREATE UNIQUE INDEX "alias_changes_model_id_position_key" ON "alias_changes"("model_id", "position");
ALTER TABLE "alias_changes" ADD CONSTRAINT "alias_changes_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "registered_models"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "alias_changes" ADD CONSTRAINT "alias_changes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- The newest version of each model is its candidate, as it is after every training from now on.
INSERT INTO "model_aliases" ("model_id", "name", "version_id")
SELECT DISTINCT ON ("model_id") "model_id", 'candidate', "id"
FROM "model_versions" ORDER BY "model_id", "major" DESC, "minor" DESC, "patch" DESC;
