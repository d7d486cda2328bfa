-- A version is added in three questions inside the database, not eleven: the model is held, all that decides is read, and
-- all that follows is written.

-- As before, in a form that becomes part of the question which asks it.
DROP FUNCTION mallo.next_version(TEXT, TEXT);
CREATE FUNCTION mallo.next_version(of_model TEXT, bump TEXT)
RETURNS TABLE (major INTEGER, minor INTEGER, patch INTEGER) LANGUAGE sql STABLE AS $$
  SELECT coalesce(CASE bump WHEN 'major' THEN v.major + 1 ELSE v.major END, 1),
    coalesce(CASE bump WHEN 'major' THEN 0 WHEN 'minor' THEN v.minor + 1 ELSE v.minor END, 0),
    coalesce(CASE bump WHEN 'patch' THEN v.patch + 1 ELSE 0 END, 0)
  FROM (VALUES (1)) AS always LEFT JOIN (
    SELECT x.major, x.minor, x.patch FROM mallo.model_versions x WHERE x.model_id = of_model
    ORDER BY x.major DESC, x.minor DESC, x.patch DESC LIMIT 1) AS v ON TRUE
$$;

-- Adds the next version to the model of a name, which is made when it is new; once for a run, and once for a key.
-- `wish` is a `VersionWish` (new-version.repository.ts). The outcome is 'made', 'there' (it was before), 'deleted' (it was,
-- and is no more), 'task_differs' or 'parent_missing'; but for the first nothing is changed.
CREATE OR REPLACE FUNCTION mallo.add_version(wish JSONB, OUT outcome TEXT, OUT model_id TEXT, OUT model_name TEXT, OUT task_type TEXT, OUT version TEXT)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  said RECORD;
  held RECORD;
  next RECORD;
  parent_version_id TEXT;
BEGIN
  SELECT * INTO said FROM jsonb_to_record(wish) AS x(
    id TEXT, "projectId" TEXT, name TEXT, "taskType" TEXT, "modelId" TEXT, "searchName" TEXT, bump TEXT, key TEXT,
    "runId" TEXT, "originRunId" TEXT, "madeFrom" TEXT, "isCandidate" BOOLEAN, architecture TEXT, framework TEXT,
    metrics JSONB, memo TEXT, "inputShape" JSONB, "classNames" JSONB, "datasetName" TEXT, "datasetVersionSha256" TEXT,
    config JSONB, "configHash" TEXT, recipe TEXT, result JSONB, transcript JSONB, logged JSONB, tags JSONB,
    artifacts JSONB, "changeId" TEXT, "changeKey" TEXT, "userId" TEXT);

  -- Held until the transaction ends: two at once are counted one after the other.
  LOOP
    SELECT m.id, m.name, m.task_type INTO held FROM mallo.registered_models m
    WHERE m.project_id = said."projectId" AND m.name = said.name FOR UPDATE;
    EXIT WHEN FOUND;
    IF said."madeFrom" IS NOT NULL THEN
      outcome := 'parent_missing';
      RETURN;
    END IF;
    INSERT INTO mallo.registered_models (id, project_id, name, task_type, search_name)
    VALUES (said."modelId", said."projectId", said.name, said."taskType", said."searchName")
    ON CONFLICT (project_id, name) DO NOTHING;
  END LOOP;

  SELECT n.major, n.minor, n.patch,
    -- What a run made is found whatever its model is named by now.
    coalesce((SELECT v.id FROM mallo.model_versions v WHERE v.run_id = said."runId"),
      (SELECT v.id FROM mallo.model_versions v WHERE v.model_id = held.id AND v.key = said.key)) AS there,
    (SELECT max(v.number) FROM mallo.model_versions v WHERE v.model_id = held.id) AS number,
    (SELECT max(c.position) FROM mallo.alias_changes c WHERE c.model_id = held.id) AS position,
    (SELECT jsonb_object_agg(a.name, concat_ws('.', v.major, v.minor, v.patch))
       FROM mallo.model_aliases a JOIN mallo.model_versions v ON v.id = a.version_id
      WHERE a.model_id = held.id) AS aliases
  INTO next FROM mallo.next_version(held.id, said.bump) n;

  IF next.there IS NOT NULL THEN
    SELECT CASE WHEN v.deleted_at IS NOT NULL AND said."runId" IS NULL THEN 'deleted' ELSE 'there' END,
      m.id, m.name, m.task_type, concat_ws('.', v.major, v.minor, v.patch)
    INTO outcome, model_id, model_name, task_type, version
    FROM mallo.model_versions v JOIN mallo.registered_models m ON m.id = v.model_id WHERE v.id = next.there;
    RETURN;
  END IF;

  model_id := held.id;
  model_name := held.name;
  task_type := held.task_type;
  IF task_type <> said."taskType" THEN
    outcome := 'task_differs';
    RETURN;
  END IF;
  IF said."madeFrom" IS NOT NULL THEN
    SELECT v.id INTO parent_version_id FROM mallo.model_versions v
    WHERE v.model_id = held.id AND (v.major, v.minor, v.patch) = (
        split_part(said."madeFrom", '.', 1)::INTEGER, split_part(said."madeFrom", '.', 2)::INTEGER,
        split_part(said."madeFrom", '.', 3)::INTEGER)
      AND v.deleted_at IS NULL;
    IF NOT FOUND THEN
      outcome := 'parent_missing';
      RETURN;
    END IF;
  END IF;

  outcome := 'made';
  version := concat_ws('.', next.major, next.minor, next.patch);
  WITH added AS (
    INSERT INTO mallo.model_versions (id, model_id, number, major, minor, patch, parent_id, run_id, origin_run_id, key,
      architecture, framework, metrics, val_accuracy, memo, input_shape, class_names, dataset_name,
      dataset_version_sha256, config, config_hash, recipe, result, transcript, logged, tags)
    VALUES (said.id, held.id, coalesce(next.number, 0) + 1, next.major, next.minor, next.patch, parent_version_id,
      said."runId", said."originRunId", said.key, said.architecture, said.framework, said.metrics,
      (said.metrics ->> 'val_accuracy')::FLOAT8, said.memo, said."inputShape", said."classNames", said."datasetName",
      said."datasetVersionSha256", said.config, said."configHash", said.recipe, said.result, said.transcript,
      said.logged, said.tags)
  ), files AS (
    INSERT INTO mallo.model_artifacts (version_id, name, sha256, size_bytes, kind)
    SELECT said.id, x.name, x.sha256, x."sizeBytes", x.kind
    FROM jsonb_to_recordset(said.artifacts) AS x(name TEXT, sha256 TEXT, "sizeBytes" INT8, kind TEXT)
  ), model AS (
    -- Now it is known what a program made the model for.
    UPDATE mallo.registered_models m SET task_type = coalesce(m.task_type, said."taskType"), latest_version_id = said.id,
      version_count = m.version_count + 1, updated_at = now() WHERE m.id = held.id
  ), candidate AS (
    INSERT INTO mallo.model_aliases (model_id, name, version_id)
    SELECT held.id, 'candidate', said.id WHERE said."isCandidate"
    ON CONFLICT (model_id, name) DO UPDATE SET version_id = excluded.version_id
  )
  INSERT INTO mallo.alias_changes (id, model_id, position, key, action, user_id, reason, before, after)
  SELECT said."changeId", held.id, coalesce(next.position, 0) + 1, said."changeKey", 'register', said."userId", '',
    coalesce(next.aliases, '{}'), coalesce(next.aliases, '{}') || jsonb_build_object('candidate', version)
  WHERE said."isCandidate";
END $$;
