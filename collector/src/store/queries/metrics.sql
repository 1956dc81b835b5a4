-- One row for each name; two kinds of metric under one name give two rows, always on one page.
-- Series are counted as they are plotted: by service and attributes.
SELECT
  name, type, temporality, monotonic,
  any_value(description) AS description,
  any_value(unit) AS unit,
  count(DISTINCT (service, attributes::VARCHAR)) AS series,
  list_sort(list(DISTINCT service)) AS services,
  max(last_seen) AS last_seen
FROM series
JOIN (
  SELECT series_id, max(time_unix_nano) AS last_seen
  FROM points
  WHERE time_unix_nano >= $from AND time_unix_nano < $to
  GROUP BY series_id
) AS seen USING (series_id)
WHERE ($q IS NULL OR contains(lower(name), lower($q)))
  AND ($service IS NULL OR service = $service)
  AND ($after IS NULL OR name > $after)
GROUP BY name, type, temporality, monotonic
QUALIFY dense_rank() OVER (ORDER BY name) <= $limit
ORDER BY name, last_seen DESC;
