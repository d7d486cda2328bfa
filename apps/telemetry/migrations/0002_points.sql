-- What a run logs is written once, packed, to a journal; behind it that is folded into chunks, one curve after another.
alter table telemetry.runs
  add column kind text not null default 'training' check (kind in ('training', 'logged'));

-- One row for each acknowledged batch. Rows that were folded stay for a while, for watchers who come back.
create table telemetry.journal (
  run_id text not null references telemetry.runs on delete cascade,
  seq_from bigint not null,
  seq_to bigint not null,
  at timestamptz not null default now(),
  payload bytea not null,
  primary key (run_id, seq_from)
) with (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 10000
);
alter table telemetry.journal alter column payload set storage external;

-- How far the journal of a run was folded; its row is locked by whoever folds.
create table telemetry.folded (
  run_id text primary key references telemetry.runs on delete cascade,
  seq bigint not null,
  lines bigint not null,
  -- The last `progress` event.
  progress json
);

-- Points of one curve next to each other, in the order of (step, time, value). Chunks of a curve do not overlap; the
-- last point of each is its place among them.
create table telemetry.chunks (
  run_id text not null references telemetry.runs on delete cascade,
  key text collate "C" not null,
  step_from bigint not null,
  step_to bigint not null,
  last_time bigint not null,
  last_value float8 not null,
  time_from bigint not null,
  time_to bigint not null,
  points int not null,
  -- Of the finite values; null where there are none.
  min float8,
  max float8,
  -- The chunk thinned, where that is much shorter: enough to draw a long curve without opening all of it.
  summary bytea,
  payload bytea not null,
  primary key (run_id, key, step_to, last_time, last_value)
);
-- They are compressed already.
alter table telemetry.chunks alter column summary set storage external;
alter table telemetry.chunks alter column payload set storage external;

-- Where each curve stands, as of what was folded.
create table telemetry.latest_points (
  run_id text not null references telemetry.runs on delete cascade,
  key text collate "C" not null,
  step bigint not null,
  time_ms bigint not null,
  value float8 not null,
  count bigint not null,
  min float8,
  max float8,
  primary key (run_id, key)
);

create table telemetry.log_chunks (
  run_id text not null references telemetry.runs on delete cascade,
  line_from bigint not null,
  line_to bigint not null,
  payload bytea not null,
  primary key (run_id, line_to)
);
alter table telemetry.log_chunks alter column payload set storage external;

-- What runs reported before stays where it is until the service has moved it, at its next start: `metrics` and the
-- log lines in `events`. Of `events` the notices and changes of the run remain; they are few.
insert into telemetry.folded (run_id, seq, lines, progress) select run_id, seq, 0, progress from telemetry.runs;
alter table telemetry.runs drop column progress;
alter table telemetry.metrics rename to metrics_to_move;
delete from telemetry.events where type in ('metric', 'progress');
