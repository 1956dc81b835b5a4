SELECT
  (SELECT count(*) FROM (SELECT 1 FROM spans WHERE service <> 'signalbox' LIMIT 1000)) AS traces,
  (SELECT count(*) FROM (SELECT 1 FROM logs WHERE service <> 'signalbox' LIMIT 1000)) AS logs,
  (SELECT count(*) FROM (
    SELECT 1 FROM points WHERE series_id IN (SELECT series_id FROM series WHERE service <> 'signalbox') LIMIT 1000
  )) AS metrics;
