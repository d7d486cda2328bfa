-- Whoever watches a project asks every second what changed in it.
create index runs_changed on telemetry.runs (project_id, changed_ms);
