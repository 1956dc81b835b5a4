SELECT exemplars
FROM points
WHERE time_unix_nano >= $from AND time_unix_nano < $to AND series_id IN (/*series_ids*/) AND exemplars::VARCHAR <> '[]'
ORDER BY time_unix_nano DESC
LIMIT 100;
