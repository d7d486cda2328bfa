-- A version's number, its rows, its alias and the history of that in one question: many are registered at once, and
-- whoever waits for the same model waits for every question in between.

-- The number that comes next (semantic versioning): what counts up, and what begins anew. Deleted versions count, so that
-- a number is never given to other bytes.
CREATE FUNCTION mallo.next_version(of_model TEXT, bump TEXT, OUT major INTEGER, OUT minor INTEGER, OUT patch INTEGER)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  highest RECORD;
BEGIN
  SELECT v.major, v.minor, v.patch INTO highest
  FROM mallo.model_versions v WHERE v.model_id = of_model ORDER BY v.major DESC, v.minor DESC, v.patch DESC LIMIT 1;
  IF NOT FOUND THEN
    SELECT 1, 0, 0 INTO major, minor, patch;
  ELSIF bump = 'major' THEN
    SELECT highest.major + 1, 0, 0 INTO major, minor, patch;
  ELSIF bump = 'minor' THEN
    SELECT highest.major, highest.minor + 1, 0 INTO major, minor, patch;
  ELSE
    SELECT highest.major, highest.minor, highest.patch + 1 INTO major, minor, patch;
  END IF;
END $$;

-- Adds the next version to the model of a name, which is made when it is new; once for a run, and once for a key.
-- `wish` is a `VersionWish` (new-version.repository.ts). The outcome is 'made', 'there' (it was before), 'deleted' (it was,
-- and is no more), 'task_differs' or 'parent_missing'; but for the first nothing is changed.
CREATE FUNCTION mallo.add_version(wish JSONB, OUT outcome TEXT, OUT model_id TEXT, OUT model_name TEXT, OUT task_type TEXT, OUT version TEXT)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  new_id CONSTANT TEXT := wish ->> 'id';
  held RECORD;
  said RECORD;
  next RECORD;
  parent_version_id TEXT;
  state JSONB;
BEGIN
  SELECT * INTO said FROM jsonb_to_record(wish) AS x(
    "projectId" TEXT, name TEXT, "taskType" TEXT, "modelId" TEXT, "searchName" TEXT, "searchGrams" TEXT[],
    bump TEXT, key TEXT, "runId" TEXT, "madeFrom" TEXT, "isCandidate" BOOLEAN);

  -- Held until the transaction ends: two at once are counted one after the other.
  LOOP
    SELECT m.id, m.name, m.task_type INTO held FROM mallo.registered_models m
    WHERE m.project_id = said."projectId" AND m.name = said.name FOR UPDATE;
    EXIT WHEN FOUND;
    IF said."madeFrom" IS NOT NULL THEN
      outcome := 'parent_missing';
      RETURN;
    END IF;
    INSERT INTO mallo.registered_models (id, project_id, name, task_type, search_name, search_grams)
    VALUES (said."modelId", said."projectId", said.name, said."taskType", said."searchName", said."searchGrams")
    ON CONFLICT (project_id, name) DO NOTHING;
  END LOOP;

  -- What a run made is found whatever its model is named by now.
  SELECT CASE WHEN v.deleted_at IS NOT NULL AND said."runId" IS NULL THEN 'deleted' ELSE 'there' END,
    m.id, m.name, m.task_type, concat_ws('.', v.major, v.minor, v.patch)
  INTO outcome, model_id, model_name, task_type, version
  FROM mallo.model_versions v JOIN mallo.registered_models m ON m.id = v.model_id
  WHERE v.run_id = said."runId" OR v.model_id = held.id AND v.key = said.key;
  IF FOUND THEN
    RETURN;
  END IF;

  SELECT held.id, held.name, held.task_type INTO model_id, model_name, task_type;
  IF task_type <> said."taskType" THEN
    outcome := 'task_differs';
    RETURN;
  END IF;
  -- Now it is known what a program made the model for.
  IF task_type IS NULL THEN
    UPDATE mallo.registered_models m SET task_type = said."taskType" WHERE m.id = held.id;
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

  SELECT * INTO next FROM mallo.next_version(held.id, said.bump);
  INSERT INTO mallo.model_versions (id, model_id, number, major, minor, patch, parent_id, run_id, origin_run_id, key, architecture,
    framework, metrics, val_accuracy, memo, input_shape, class_names, dataset_name, dataset_version_sha256, config,
    config_hash, recipe, result, transcript, logged, tags)
  SELECT new_id, held.id,
    (SELECT coalesce(max(v.number), 0) + 1 FROM mallo.model_versions v WHERE v.model_id = held.id),
    next.major, next.minor, next.patch, parent_version_id, x."runId", x."originRunId", x.key,
    x.architecture, x.framework, x.metrics, (x.metrics ->> 'val_accuracy')::FLOAT8, x.memo, x."inputShape",
    x."classNames", x."datasetName", x."datasetVersionSha256", x.config, x."configHash", x.recipe, x.result, x.transcript,
    x.logged, x.tags
  FROM jsonb_to_record(wish) AS x(
    "runId" TEXT, "originRunId" TEXT, key TEXT, architecture TEXT, framework TEXT, metrics JSONB, memo TEXT,
    "inputShape" JSONB, "classNames" JSONB, "datasetName" TEXT, "datasetVersionSha256" TEXT, config JSONB,
    "configHash" TEXT, recipe TEXT, result JSONB, transcript JSONB, logged JSONB, tags JSONB);
  INSERT INTO mallo.model_artifacts (version_id, name, sha256, size_bytes, kind)
  SELECT new_id, x.name, x.sha256, x."sizeBytes", x.kind
  FROM jsonb_to_recordset(wish -> 'artifacts') AS x(name TEXT, sha256 TEXT, "sizeBytes" INT8, kind TEXT);
  UPDATE mallo.registered_models
  SET latest_version_id = new_id, version_count = version_count + 1, updated_at = now() WHERE id = held.id;
  outcome := 'made';
  version := concat_ws('.', next.major, next.minor, next.patch);

  IF said."isCandidate" THEN
    SELECT coalesce(jsonb_object_agg(a.name, concat_ws('.', v.major, v.minor, v.patch)), '{}') INTO state
    FROM mallo.model_aliases a JOIN mallo.model_versions v ON v.id = a.version_id WHERE a.model_id = held.id;
    INSERT INTO mallo.model_aliases (model_id, name, version_id) VALUES (held.id, 'candidate', new_id)
    ON CONFLICT (model_id, name) DO UPDATE SET version_id = new_id;
    INSERT INTO mallo.alias_changes (id, model_id, position, key, action, user_id, reason, before, after)
    SELECT wish ->> 'changeId', held.id, coalesce(max(c.position), 0) + 1, wish ->> 'changeKey', 'register',
      wish ->> 'userId', '', state, state || jsonb_build_object('candidate', version)
    FROM mallo.alias_changes c WHERE c.model_id = held.id;
  END IF;
END $$;

-- The same for many, each as if it came alone; models are held in one order, so that two such never wait for each other.
CREATE FUNCTION mallo.add_versions(wishes JSONB)
RETURNS TABLE (place BIGINT, outcome TEXT, model_id TEXT, model_name TEXT, task_type TEXT, version TEXT)
LANGUAGE plpgsql AS $$
DECLARE
  wish RECORD;
BEGIN
  FOR wish IN
    SELECT x.value, x.ordinality FROM jsonb_array_elements(wishes) WITH ORDINALITY AS x
    ORDER BY x.value ->> 'projectId', x.value ->> 'name', x.ordinality
  LOOP
    RETURN QUERY SELECT wish.ordinality, added.* FROM mallo.add_version(wish.value) AS added;
  END LOOP;
END $$;
