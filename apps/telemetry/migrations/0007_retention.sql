-- How long projects keep what their runs logged, and the last pass that removed what is past its time.
create table telemetry.retention (
  project_id text primary key references telemetry.projects,
  -- After how many days; null: never.
  deleted_days int check (deleted_days >= 0),
  detail_days int check (detail_days >= 0),
  pass_state text check (pass_state in ('running', 'done', 'cancelled', 'failed')),
  pass_began_ms bigint,
  pass_ended_ms bigint,
  removed int not null default 0,
  trimmed int not null default 0,
  freed_bytes bigint not null default 0
);

-- Files of what was removed, until the api has let go of them.
create table telemetry.removed_files (
  project_id text not null references telemetry.projects,
  -- From the project's artifact root.
  folder text not null,
  -- The run, where it was a training of Mallo's own, whose files have no folder of their own.
  training_id text,
  primary key (project_id, folder)
);

-- Since when a run is deleted; of those that are by now, since it last changed.
alter table telemetry.runs add column deleted_ms bigint;
update telemetry.runs set deleted_ms = changed_ms where lifecycle_stage = 'deleted';
create index runs_deleted on telemetry.runs (project_id, deleted_ms) where lifecycle_stage = 'deleted';
