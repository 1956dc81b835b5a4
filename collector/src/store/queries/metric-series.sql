-- Series of one name with a point in the range or in the look-back before it.
SELECT series.*
FROM series
WHERE name = $name AND ($service IS NULL OR service = $service) /*filters*/
  AND series_id IN (SELECT series_id FROM points WHERE time_unix_nano >= $lookback AND time_unix_nano < $to)
ORDER BY series_id
LIMIT $limit;
