SELECT
  logs.* EXCLUDE (trace_id, span_id),
  lower(lpad(to_hex(logs.trace_id), 32, '0')) AS trace_id,
  CASE WHEN logs.span_id = 0 THEN NULL ELSE lower(lpad(to_hex(logs.span_id), 16, '0')) END AS span_id,
  count(*) OVER () AS logs_total
FROM logs
WHERE logs.trace_id = $trace_id
ORDER BY at_unix_nano, log_id
LIMIT $limit;
