-- Appends batches, all in one transaction: each one exactly where its writer stands or not at all. A batch without a
-- writer always. The lock on the run's row makes the order of commits the order of the run's sequence, so that whoever
-- reads sees it without gaps; rows that refer to the run, as folding writes, neither wait for it nor hold it up. Answers
-- for each batch `stored` with the run's last number before it, `elsewhere` with the position where the writer is, or
-- `unknown` where there is no such run; where a project is given, a run that is not of it, or deleted, is `unknown` too, so
-- that a program's batch needs no question before it. Callers sort batches by run, so that two of them cannot wait for
-- each other.
create function telemetry.append(
  run_ids text[], project_ids text[], writer_names text[], froms bigint[], tos bigint[], counts int[], sizes int[],
  payloads bytea
) returns table (nth int, outcome text, place bigint) language plpgsql as $$
declare
  start int := 1;
  standing bigint;
  found_project text;
  stage text;
begin
  for i in 1 .. coalesce(array_length(run_ids, 1), 0) loop
    nth := i;
    select seq, project_id, lifecycle_stage into place, found_project, stage
      from telemetry.runs where run_id = run_ids[i] for no key update;
    if not found or (project_ids[i] is not null and (found_project <> project_ids[i] or stage = 'deleted')) then
      outcome := 'unknown';
    else
      outcome := 'stored';
      if writer_names[i] is not null then
        select position into standing from telemetry.writers where run_id = run_ids[i] and writer = writer_names[i];
        standing := coalesce(standing, 0);
        if standing <> froms[i] then
          outcome := 'elsewhere';
          place := standing;
        else
          insert into telemetry.writers (run_id, writer, position) values (run_ids[i], writer_names[i], tos[i])
            on conflict (run_id, writer) do update set position = excluded.position;
        end if;
      end if;
      if outcome = 'stored' and counts[i] > 0 then
        insert into telemetry.journal (run_id, seq_from, seq_to, payload)
          values (run_ids[i], place + 1, place + counts[i], substr(payloads, start, sizes[i]));
        update telemetry.runs set seq = place + counts[i] where run_id = run_ids[i];
      end if;
    end if;
    start := start + sizes[i];
    return next;
  end loop;
end $$;
