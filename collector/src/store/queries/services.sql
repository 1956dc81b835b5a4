-- Requests are spans of kind SERVER (2) or CONSUMER (5), and root spans. A span counts for as many as it stands for;
-- rounded, since sums of fractions differ in their last digits with the order in which threads add.
SELECT
  service,
  round(sum(sample_weight), 3) AS spans,
  round(coalesce(sum(sample_weight) FILTER (is_request), 0), 3) AS requests,
  round(coalesce(sum(sample_weight) FILTER (is_request AND status_code = 2), 0), 3) AS errors,
  quantile_cont(duration_nano / 1e6, [0.5, 0.95, 0.99]) FILTER (is_request) AS quantiles_ms,
  max(start_unix_nano) AS last_seen
FROM (
  SELECT *, kind IN (2, 5) OR parent_span_id = 0 AS is_request
  FROM spans
  WHERE start_unix_nano >= $from AND start_unix_nano < $to AND ($service IS NULL OR service = $service)
)
GROUP BY service
ORDER BY requests DESC, spans DESC, service;
