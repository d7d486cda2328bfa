-- A token that is made for one piece of work is gone when it has not been used for so long.
ALTER TABLE "api_tokens" ADD COLUMN "idle_seconds" INTEGER;
