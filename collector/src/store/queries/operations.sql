SELECT *, count(*) OVER (PARTITION BY service) AS operations
FROM (
  SELECT
    service,
    name AS operation,
    kind,
    round(sum(sample_weight), 3) AS requests,
    round(coalesce(sum(sample_weight) FILTER (status_code = 2), 0), 3) AS errors,
    quantile_cont(duration_nano / 1e6, [0.5, 0.95, 0.99]) AS quantiles_ms
  FROM spans
  WHERE start_unix_nano >= $from AND start_unix_nano < $to
    AND (kind IN (2, 5) OR parent_span_id = 0)
    AND ($service IS NULL OR service = $service)
  GROUP BY service, name, kind
)
QUALIFY row_number() OVER (PARTITION BY service ORDER BY requests DESC, operation) <= $limit
ORDER BY service, requests DESC, operation;
