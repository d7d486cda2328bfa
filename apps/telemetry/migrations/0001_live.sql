-- Runs that may be watched, what their writers reported, and the curves made of it.
create table telemetry.runs (
  run_id text primary key,
  owner_id text not null,
  project_id text not null,
  -- The last number given out in the run's one sequence.
  seq bigint not null default 0,
  -- The last `progress` event.
  progress json,
  created_at timestamptz not null default now()
);

create table telemetry.writers (
  run_id text not null references telemetry.runs on delete cascade,
  writer text not null,
  position bigint not null,
  primary key (run_id, writer)
);

-- `json` keeps the text as it came; nothing here looks inside.
create table telemetry.events (
  run_id text not null references telemetry.runs on delete cascade,
  seq bigint not null,
  type text not null,
  event json not null,
  primary key (run_id, seq)
);

-- The last log lines of a run, and its notices, without reading its metrics.
create index events_logs on telemetry.events (run_id, seq) where type = 'log';
create index events_notices on telemetry.events (run_id, seq) where type = 'notice';

create table telemetry.metrics (
  run_id text not null references telemetry.runs on delete cascade,
  key text not null,
  step bigint not null,
  value double precision not null,
  time_ms bigint not null,
  primary key (run_id, key, step)
);
