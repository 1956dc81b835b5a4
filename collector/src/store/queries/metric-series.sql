-- Series of one name with a point in the range or in the look-back before it. A stream of points has a series in
-- every file it was written to, and a further one after each restart of the store: `stream_id` is the same for all.
WITH chosen AS (
  SELECT *
  FROM series
  WHERE name = $name AND ($service IS NULL OR service = $service) /*filters*/
    AND series_id IN (SELECT series_id FROM points WHERE time_unix_nano >= $lookback AND time_unix_nano < $to)
)
SELECT
  chosen.*,
  count(*) OVER () AS series_total,
  min(series_id) OVER (
    PARTITION BY
      resources.attributes::VARCHAR, resources.entity_refs::VARCHAR, scopes.name, scopes.version,
      scopes.attributes::VARCHAR, chosen.unit, type, temporality, monotonic, chosen.attributes::VARCHAR
  ) AS stream_id
FROM chosen
JOIN resources USING (resource_id)
JOIN scopes USING (scope_id)
ORDER BY series_id
LIMIT $limit;
