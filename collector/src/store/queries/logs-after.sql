SELECT
  logs.* EXCLUDE (trace_id, span_id),
  CASE WHEN logs.trace_id = 0 THEN NULL ELSE lower(lpad(to_hex(logs.trace_id), 32, '0')) END AS trace_id,
  CASE WHEN logs.span_id = 0 THEN NULL ELSE lower(lpad(to_hex(logs.span_id), 16, '0')) END AS span_id,
  count(*) OVER () AS matching
FROM logs
WHERE log_id > $after AND arrived_unix_nano >= $since /*filters*/
ORDER BY log_id DESC
LIMIT $limit;
