-- The project that a program with the token works in; of older tokens the oldest project of their person.
ALTER TABLE "api_tokens" ADD COLUMN "project_id" TEXT;
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
