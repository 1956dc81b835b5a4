-- For each stream and step: the last value, and by how much a cumulative value grew (a reset counts from zero).
WITH ordered AS (
  SELECT
    stream_id, time_unix_nano, start_unix_nano,
    coalesce(value_double, value_int::DOUBLE, count::DOUBLE) AS value,
    coalesce(sum, 0) AS sum,
    min, max, count, detail,
    lag(coalesce(value_double, value_int::DOUBLE, count::DOUBLE)) OVER earlier AS previous,
    lag(coalesce(sum, 0)) OVER earlier AS previous_sum,
    lag(start_unix_nano) OVER earlier AS previous_start
  FROM points
  JOIN (VALUES /*streams*/) AS streams(series_id, stream_id) USING (series_id)
  WHERE time_unix_nano >= $lookback AND time_unix_nano < $to AND flags & 1 = 0
  WINDOW earlier AS (PARTITION BY stream_id ORDER BY time_unix_nano)
), grown AS (
  SELECT *,
    CASE
      WHEN previous IS NULL THEN CASE WHEN start_unix_nano >= $from THEN value END
      WHEN value < previous OR start_unix_nano <> previous_start THEN value
      ELSE value - previous
    END AS increase,
    CASE
      WHEN previous IS NULL THEN CASE WHEN start_unix_nano >= $from THEN sum END
      WHEN value < previous OR start_unix_nano <> previous_start THEN sum
      ELSE sum - previous_sum
    END AS sum_increase
  FROM ordered
)
SELECT
  stream_id,
  CASE WHEN time_unix_nano < $from THEN -1 ELSE ((time_unix_nano - $origin) // $step)::BIGINT END AS bucket,
  arg_max(value, time_unix_nano) AS last,
  arg_max(sum, time_unix_nano) AS last_sum,
  sum(value) AS total,
  sum(sum) AS total_sum,
  sum(increase) AS increase,
  sum(sum_increase) AS sum_increase,
  arg_max(detail, time_unix_nano) AS last_detail,
  arg_max(start_unix_nano, time_unix_nano) AS last_start,
  CASE WHEN $delta THEN list(detail) END AS details
FROM grown
GROUP BY stream_id, bucket
ORDER BY stream_id, bucket
LIMIT $limit;
