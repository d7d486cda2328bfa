-- What the parser was told beside a person's message, so that it can be understood again in the same way.
ALTER TABLE messages ADD COLUMN context jsonb;

ALTER TABLE training_configs
  ADD COLUMN warnings jsonb NOT NULL DEFAULT '[]',
  -- The contents before each change by hand, the oldest first.
  ADD COLUMN history jsonb NOT NULL DEFAULT '[]',
  -- What was known of the dataset and the machine when the open values were chosen.
  ADD COLUMN surroundings jsonb;

-- The conversation that made the model, which stays when the conversation is gone.
ALTER TABLE runs ADD COLUMN transcript jsonb;
ALTER TABLE model_versions ADD COLUMN transcript jsonb;
