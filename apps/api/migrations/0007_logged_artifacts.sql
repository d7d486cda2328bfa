-- Files that programs log over MLflow, by their path from the project's artifact root.
CREATE TABLE "logged_artifacts" (
    "project_id" TEXT NOT NULL,
    "root" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "logged_artifacts_pkey" PRIMARY KEY ("project_id","root","path")
);
CREATE INDEX "logged_artifacts_sha256_idx" ON "logged_artifacts"("sha256");
ALTER TABLE "logged_artifacts" ADD CONSTRAINT "logged_artifacts_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;
