-- Times are nanoseconds since 1970 UTC as sent. Ids of zero mean "none".
CREATE TABLE spans (
  trace_id                 UHUGEINT NOT NULL,
  span_id                  UBIGINT  NOT NULL,
  parent_span_id           UBIGINT  NOT NULL,
  start_unix_nano          UBIGINT  NOT NULL,
  end_unix_nano            UBIGINT  NOT NULL,
  duration_nano            UBIGINT  NOT NULL,  -- end minus start, 0 when that is negative
  arrived_unix_nano        UBIGINT  NOT NULL,
  service                  VARCHAR  NOT NULL,
  name                     VARCHAR  NOT NULL,
  kind                     UTINYINT NOT NULL,  -- as in OTLP: 0 unspecified to 5 consumer
  status_code              UTINYINT NOT NULL,  -- as in OTLP: 0 unset, 1 ok, 2 error
  status_message           VARCHAR  NOT NULL,
  http_route               VARCHAR  NOT NULL,
  flags                    UINTEGER NOT NULL,
  trace_state              VARCHAR  NOT NULL,
  attributes               JSON     NOT NULL,
  dropped_attributes_count UINTEGER NOT NULL,
  events                   JSON     NOT NULL,
  dropped_events_count     UINTEGER NOT NULL,
  links                    JSON     NOT NULL,
  dropped_links_count      UINTEGER NOT NULL,
  resource_id              UBIGINT  NOT NULL,
  scope_id                 UBIGINT  NOT NULL,
  sample_weight            DOUBLE   NOT NULL   -- how many spans it stands for, from trace_state; 1 when not sampled
);
