-- Quantiles as quantile_cont would give them if each request were there as often as its weight says: at `last` times
-- the share, counted from 0, linear between the last of one duration and the first of the next. Durations within
-- 0.1 % of each other are taken for their average, so that at most some 30,000 steps a group are sorted.
WITH steps AS (
  SELECT
    service,
    /*part*/ AS part,
    (1000 * ln(greatest(duration_nano, 1)))::INTEGER AS step,
    sum(sample_weight * duration_nano) / sum(sample_weight) / 1e6 AS ms,
    sum(sample_weight) AS weight,
    max(sample_weight) AS heaviest
  FROM spans
  WHERE start_unix_nano >= $from AND start_unix_nano < $to
    AND (kind IN (2, 5) OR parent_span_id = 0)
    AND list_contains($services, service)
  GROUP BY service, part, step
), ranked AS (
  SELECT
    *,
    lead(ms, 1, ms) OVER rising AS next_ms,
    sum(weight) OVER rising AS reached,
    sum(weight) OVER (PARTITION BY service, part) - 1 AS last
  FROM steps
  WINDOW rising AS (PARTITION BY service, part ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
SELECT
  service,
  part,
  [
    min(ms + greatest(0.50 * last + 1 - reached, 0) * (next_ms - ms)) FILTER (reached > 0.50 * last),
    min(ms + greatest(0.95 * last + 1 - reached, 0) * (next_ms - ms)) FILTER (reached > 0.95 * last),
    min(ms + greatest(0.99 * last + 1 - reached, 0) * (next_ms - ms)) FILTER (reached > 0.99 * last)
  ] AS quantiles_ms
FROM ranked
GROUP BY service, part
HAVING max(heaviest) > 1;
