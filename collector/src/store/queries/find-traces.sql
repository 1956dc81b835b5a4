-- A trace is placed in the list by its newest matching span.
SELECT
  lower(lpad(to_hex(trace_id), 32, '0')) AS trace_id,
  max(start_unix_nano) AS newest,
  lower(lpad(to_hex(arg_max(span_id, (start_unix_nano, span_id))), 16, '0')) AS matched_span_id
FROM spans
WHERE start_unix_nano >= $from AND start_unix_nano < $to /*filters*/
GROUP BY spans.trace_id
HAVING $before IS NULL OR max(start_unix_nano) < $before
  OR (max(start_unix_nano) = $before AND spans.trace_id < $before_trace)
ORDER BY newest DESC, spans.trace_id DESC
LIMIT $limit;
