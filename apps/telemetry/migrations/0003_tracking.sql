-- What is kept of runs beside what they report: whose, in which experiment, how they stand, params and tags.

-- The projects that telemetry knows, and who may see what is in them.
create table telemetry.projects (
  project_id text primary key,
  owner_id text not null
);

-- Ids are digits, as MLflow's are, and unique over all projects. A project's default experiment is shown as `0`.
create table telemetry.experiments (
  experiment_id bigint generated always as identity primary key,
  project_id text not null references telemetry.projects,
  name text not null,
  is_default boolean not null default false,
  lifecycle_stage text not null default 'active' check (lifecycle_stage in ('active', 'deleted')),
  -- Where its files are, if whoever made it said so.
  artifact_location text,
  created_ms bigint not null,
  updated_ms bigint not null,
  unique (project_id, name)
);
create unique index experiments_default on telemetry.experiments (project_id) where is_default;

create table telemetry.experiment_tags (
  experiment_id bigint not null references telemetry.experiments on delete cascade,
  key text not null,
  value text not null,
  primary key (experiment_id, key)
);

-- Runs so far are all trainings; the api tells how they stand once it starts.
insert into telemetry.projects (project_id, owner_id)
  select distinct on (project_id) project_id, owner_id from telemetry.runs order by project_id, created_at;
insert into telemetry.experiments (project_id, name, is_default, created_ms, updated_ms)
  select project_id, 'Default', true, floor(extract(epoch from now()) * 1000), floor(extract(epoch from now()) * 1000)
    from telemetry.projects;

alter table telemetry.runs
  add column experiment_id bigint references telemetry.experiments,
  add column name text not null default '',
  add column user_name text not null default '',
  add column status text not null default 'queued'
    check (status in ('queued', 'running', 'cancelling', 'completed', 'failed', 'cancelled')),
  add column lifecycle_stage text not null default 'active' check (lifecycle_stage in ('active', 'deleted')),
  add column created_ms bigint not null default floor(extract(epoch from now()) * 1000),
  add column started_ms bigint,
  add column ended_ms bigint,
  -- When its name, status, params, tags or place last changed.
  add column changed_ms bigint not null default floor(extract(epoch from now()) * 1000);

update telemetry.runs set
  created_ms = floor(extract(epoch from created_at) * 1000),
  experiment_id = (select experiment_id from telemetry.experiments e where e.project_id = runs.project_id and is_default);

alter table telemetry.runs
  alter column experiment_id set not null,
  -- By which runs are listed, the newest first.
  add column began_ms bigint not null generated always as (coalesce(started_ms, created_ms)) stored;

create index runs_listed on telemetry.runs (project_id, began_ms desc, run_id);
create index runs_of_experiment on telemetry.runs (experiment_id);

create table telemetry.run_params (
  run_id text not null references telemetry.runs on delete cascade,
  key text not null,
  value text not null,
  primary key (run_id, key)
);
create index run_params_key on telemetry.run_params (key, run_id);

create table telemetry.run_tags (
  run_id text not null references telemetry.runs on delete cascade,
  key text not null,
  value text not null,
  primary key (run_id, key)
);
create index run_tags_key on telemetry.run_tags (key, run_id);

-- Data that runs say they used; an experiment has each once.
create table telemetry.datasets (
  dataset_id bigint generated always as identity primary key,
  experiment_id bigint not null references telemetry.experiments on delete cascade,
  name text not null,
  digest text not null,
  source_type text not null,
  source text not null,
  schema text,
  profile text,
  unique (experiment_id, name, digest)
);

create table telemetry.run_datasets (
  run_id text not null references telemetry.runs on delete cascade,
  dataset_id bigint not null references telemetry.datasets,
  -- A list of { key, value }.
  tags jsonb not null default '[]',
  primary key (run_id, dataset_id)
);

-- To filter and to sort by a metric without reading the others.
create index latest_points_key on telemetry.latest_points (key, run_id) include (value);
