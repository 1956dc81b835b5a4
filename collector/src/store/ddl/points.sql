-- Exactly one of value_int and value_double is set for a number; neither for the other types or "no recorded value".
CREATE TABLE points (
  series_id         UBIGINT  NOT NULL,
  time_unix_nano    UBIGINT  NOT NULL,
  start_unix_nano   UBIGINT  NOT NULL,
  arrived_unix_nano UBIGINT  NOT NULL,
  flags             UINTEGER NOT NULL,
  value_int         BIGINT,
  value_double      DOUBLE,
  count             UBIGINT,
  sum               DOUBLE,
  min               DOUBLE,
  max               DOUBLE,
  detail            JSON     NOT NULL,  -- buckets or quantiles, see otlp/README.md
  exemplars         JSON     NOT NULL
);
