CREATE TABLE logs (
  log_id                   UBIGINT  NOT NULL,  -- rises with arrival
  at_unix_nano             UBIGINT  NOT NULL,  -- time_unix_nano, else observed_time_unix_nano, else arrival
  time_unix_nano           UBIGINT  NOT NULL,
  observed_time_unix_nano  UBIGINT  NOT NULL,
  arrived_unix_nano        UBIGINT  NOT NULL,
  service                  VARCHAR  NOT NULL,
  severity_number          UTINYINT NOT NULL,
  severity_text            VARCHAR  NOT NULL,
  event_name               VARCHAR  NOT NULL,
  body                     JSON     NOT NULL,
  trace_id                 UHUGEINT NOT NULL,  -- 0: not part of a trace
  span_id                  UBIGINT  NOT NULL,
  flags                    UINTEGER NOT NULL,
  attributes               JSON     NOT NULL,
  dropped_attributes_count UINTEGER NOT NULL,
  resource_id              UBIGINT  NOT NULL,
  scope_id                 UBIGINT  NOT NULL
);
