-- What was known of the points of an imported run, where it came from, when all of them had come. While the same is known
-- there, they need not be sent again.
alter table telemetry.runs add column points_mark text;
