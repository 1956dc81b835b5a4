-- The layout of this file; see store/README.md on migrations.
CREATE TABLE version (
  schema_version INTEGER NOT NULL
);
