SELECT
  logs.* EXCLUDE (trace_id, span_id),
  CASE WHEN logs.trace_id = 0 THEN NULL ELSE lower(lpad(to_hex(logs.trace_id), 32, '0')) END AS trace_id,
  CASE WHEN logs.span_id = 0 THEN NULL ELSE lower(lpad(to_hex(logs.span_id), 16, '0')) END AS span_id
FROM logs
WHERE at_unix_nano >= $from AND at_unix_nano < $to
  AND ($before IS NULL OR at_unix_nano < $before OR (at_unix_nano = $before AND log_id < $before_id)) /*filters*/
ORDER BY at_unix_nano DESC, log_id DESC
LIMIT $limit;
