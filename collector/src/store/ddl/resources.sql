-- One row for each distinct Resource (with its schema URL) that wrote into this file.
CREATE TABLE resources (
  resource_id              UBIGINT NOT NULL,
  service                  VARCHAR NOT NULL,  -- service.name, or unknown_service
  attributes               JSON    NOT NULL,
  dropped_attributes_count UINTEGER NOT NULL,
  entity_refs              JSON    NOT NULL,
  schema_url               VARCHAR NOT NULL
);
