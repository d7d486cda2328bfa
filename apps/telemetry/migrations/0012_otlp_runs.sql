-- Runs that programs began by OTLP, which has no word for the end of one, and when they were last heard of.
create table telemetry.otlp_runs (
  run_id text primary key references telemetry.runs on delete cascade,
  heard_ms bigint not null,
  -- Nothing came for long. What comes yet makes the run go on.
  is_quiet boolean not null default false
);

-- Those that are there, known by their id, which is made of what the program said of itself.
insert into telemetry.otlp_runs (run_id, heard_ms)
select runs.run_id,
       coalesce((select max(time_ms) from telemetry.latest_points latest where latest.run_id = runs.run_id), changed_ms)
  from telemetry.runs
  join telemetry.run_tags service on service.run_id = runs.run_id and service.key = 'service.name'
  left join telemetry.run_tags instance on instance.run_id = runs.run_id and instance.key = 'service.instance.id'
 where kind = 'logged'
   and runs.run_id = 'run_' || left(encode(sha256(convert_to(
     '[' || to_json(project_id) || ',' || to_json(service.value) || ',' || to_json(coalesce(instance.value, '')) || ']',
     'UTF8')), 'hex'), 32);
