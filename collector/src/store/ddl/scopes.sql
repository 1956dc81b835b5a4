-- One row for each distinct InstrumentationScope (with its schema URL) that wrote into this file.
CREATE TABLE scopes (
  scope_id                 UBIGINT NOT NULL,
  name                     VARCHAR NOT NULL,
  version                  VARCHAR NOT NULL,
  attributes               JSON    NOT NULL,
  dropped_attributes_count UINTEGER NOT NULL,
  schema_url               VARCHAR NOT NULL
);
