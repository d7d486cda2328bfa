-- Models that programs log, with what is known of each, and the runs that made or used them.
create table telemetry.logged_models (
  model_id text primary key,
  project_id text not null references telemetry.projects,
  experiment_id bigint not null references telemetry.experiments,
  name text not null,
  model_type text not null default '',
  source_run_id text not null default '',
  status text not null check (status in ('PENDING', 'READY', 'UPLOAD_FAILED')),
  lifecycle_stage text not null default 'active' check (lifecycle_stage in ('active', 'deleted')),
  created_ms bigint not null,
  updated_ms bigint not null
);
create index logged_models_listed on telemetry.logged_models (experiment_id, created_ms desc, model_id);

create table telemetry.logged_model_params (
  model_id text not null references telemetry.logged_models on delete cascade,
  key text not null,
  value text not null,
  primary key (model_id, key)
);

create table telemetry.logged_model_tags (
  model_id text not null references telemetry.logged_models on delete cascade,
  key text not null,
  value text not null,
  primary key (model_id, key)
);

-- Points that runs logged of a model; they are among the points of the run too.
create table telemetry.logged_model_metrics (
  model_id text not null references telemetry.logged_models on delete cascade,
  run_id text not null,
  key text not null,
  step bigint not null,
  time_ms bigint not null,
  value double precision not null,
  dataset_name text not null default '',
  dataset_digest text not null default '',
  primary key (model_id, key, time_ms, step, run_id, value, dataset_name, dataset_digest)
);

create table telemetry.run_models (
  run_id text not null references telemetry.runs on delete cascade,
  direction text not null check (direction in ('input', 'output')),
  model_id text not null,
  step bigint not null default 0,
  place bigint generated always as identity,
  primary key (run_id, direction, model_id)
);
