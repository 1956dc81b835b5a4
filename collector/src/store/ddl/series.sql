-- One row for each distinct stream of points: metric, resource, scope and attributes.
CREATE TABLE series (
  series_id   UBIGINT  NOT NULL,
  resource_id UBIGINT  NOT NULL,
  scope_id    UBIGINT  NOT NULL,
  service     VARCHAR  NOT NULL,
  name        VARCHAR  NOT NULL,
  description VARCHAR  NOT NULL,
  unit        VARCHAR  NOT NULL,
  type        VARCHAR  NOT NULL,  -- gauge, sum, histogram, exponential_histogram, summary
  temporality UTINYINT NOT NULL,  -- as in OTLP: 0 unspecified, 1 delta, 2 cumulative
  monotonic   BOOLEAN  NOT NULL,
  metadata    JSON     NOT NULL,
  attributes  JSON     NOT NULL
);
