-- The status that the tracking service is known to have of a run; null before it was first told.
ALTER TABLE "runs" ADD COLUMN "known_status" TEXT;
