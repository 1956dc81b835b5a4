-- Where all weights are 1 the statistics of the column say so, and nothing is read.
SELECT DISTINCT service
FROM spans
WHERE start_unix_nano >= $from AND start_unix_nano < $to
  AND ($service IS NULL OR service = $service)
  AND sample_weight > 1;
