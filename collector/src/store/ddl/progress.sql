-- How far the store was in a signal's journal when the rows of this file were last written: JSON, in the same
-- transaction as they. The furthest of all files counts; see store/README.md.
CREATE TABLE progress (
  signal VARCHAR NOT NULL,
  journal_id VARCHAR NOT NULL,
  sequence UBIGINT NOT NULL,
  progress VARCHAR NOT NULL
);
