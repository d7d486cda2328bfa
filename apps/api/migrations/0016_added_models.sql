-- Models of people's own in the zoo. A removed one stays without its key: trainings of it need its code.
CREATE TABLE "added_models" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "key" TEXT,
  "sha256" TEXT,
  "document" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "added_models_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "added_models_user_id_key_key" ON "added_models" ("user_id", "key");
CREATE INDEX "added_models_sha256_idx" ON "added_models" ("sha256");
ALTER TABLE "added_models" ADD CONSTRAINT "added_models_user_id_fkey"
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
