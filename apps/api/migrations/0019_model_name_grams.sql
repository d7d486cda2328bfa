-- The runs of characters that a model is found by, in a table of their own. Adding a version writes the model's row again,
-- and with it wrote every one of them, about 90, into their index.
CREATE TABLE "model_name_grams" (
  "model_id" TEXT NOT NULL,
  "grams" TEXT[],
  CONSTRAINT "model_name_grams_pkey" PRIMARY KEY ("model_id")
);
INSERT INTO "model_name_grams" ("model_id", "grams") SELECT "id", "search_grams" FROM "registered_models";
CREATE INDEX "model_name_grams_grams_idx" ON "model_name_grams" USING GIN ("grams");
ALTER TABLE "model_name_grams" ADD CONSTRAINT "model_name_grams_model_id_fkey"
  FOREIGN KEY ("model_id") REFERENCES "registered_models"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "registered_models" DROP COLUMN "search_grams";

-- Every run of one to three characters of the name as it is searched, whoever writes that.
CREATE FUNCTION mallo.keep_name_grams() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO mallo.model_name_grams (model_id, grams)
  VALUES (NEW.id, ARRAY(
    SELECT DISTINCT substr(NEW.search_name, at, length)
    FROM generate_series(1, char_length(NEW.search_name)) AS at, generate_series(1, 3) AS length
    WHERE at + length - 1 <= char_length(NEW.search_name)))
  ON CONFLICT (model_id) DO UPDATE SET grams = excluded.grams;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_name_grams AFTER INSERT OR UPDATE OF search_name ON mallo.registered_models
  FOR EACH ROW EXECUTE FUNCTION mallo.keep_name_grams();
