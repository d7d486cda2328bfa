-- The latest version of a model is the highest that is not deprecated; of a model with no other it is the highest.
UPDATE mallo.registered_models m SET latest_version_id = (
  SELECT v.id FROM mallo.model_versions v WHERE v.model_id = m.id AND v.deleted_at IS NULL
  ORDER BY v.deprecation IS NOT NULL, v.major DESC, v.minor DESC, v.patch DESC LIMIT 1)
WHERE EXISTS (SELECT FROM mallo.model_versions v WHERE v.id = m.latest_version_id AND v.deprecation IS NOT NULL);

-- Names are kept in Unicode's composed form, in which they are asked for; where that is taken, one stays as it is.
UPDATE mallo.registered_models m SET name = normalize(m.name, NFC)
WHERE m.name IS NOT NFC NORMALIZED AND NOT EXISTS (
  SELECT FROM mallo.registered_models o
  WHERE o.project_id = m.project_id AND o.id <> m.id AND normalize(o.name, NFC) = normalize(m.name, NFC));
