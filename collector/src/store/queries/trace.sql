-- Senders retry, so a span can be there twice: the first arrival counts.
WITH once AS (
  SELECT *
  FROM spans
  WHERE trace_id = $trace_id
  QUALIFY row_number() OVER (PARTITION BY span_id, kind, name ORDER BY arrived_unix_nano) = 1
)
SELECT
  lower(lpad(to_hex(span_id), 16, '0')) AS span_id,
  CASE WHEN parent_span_id = 0 THEN NULL ELSE lower(lpad(to_hex(parent_span_id), 16, '0')) END AS parent_span_id,
  once.* EXCLUDE (trace_id, span_id, parent_span_id),
  count(*) OVER () AS spans_total
FROM once
ORDER BY start_unix_nano, once.span_id
LIMIT $limit;
