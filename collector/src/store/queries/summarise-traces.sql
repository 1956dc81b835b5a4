-- One row for each trace and service.
SELECT
  lower(lpad(to_hex(trace_id), 32, '0')) AS trace_id,
  service,
  count(*) AS spans,
  count(*) FILTER (status_code = 2) AS errors,
  min(start_unix_nano) AS first_start,
  max(end_unix_nano) AS last_end,
  arg_min(name, start_unix_nano) AS first_name,
  min(start_unix_nano) FILTER (parent_span_id = 0) AS root_start,
  arg_min(name, start_unix_nano) FILTER (parent_span_id = 0) AS root_name,
  arg_min(duration_nano, start_unix_nano) FILTER (parent_span_id = 0) AS root_duration
FROM (
  SELECT DISTINCT ON (trace_id, span_id, kind, name)
    trace_id, span_id, parent_span_id, service, status_code, kind, name, start_unix_nano, end_unix_nano, duration_nano
  FROM spans
  WHERE start_unix_nano >= $from AND start_unix_nano < $to AND trace_id IN (/*trace_ids*/)
)
GROUP BY ALL;
