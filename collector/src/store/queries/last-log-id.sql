SELECT coalesce(max(log_id), 0) AS last FROM logs;
