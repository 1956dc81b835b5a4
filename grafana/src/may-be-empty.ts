/** A query that may answer nothing on a stack that is well and has traffic. At most one query in twenty may. */
export interface MayBeEmpty {
  /** Uid of the board. */
  board: string;
  /** Title of the panel, or `variable` and its name. */
  where: string;
  refId: string;
  reason: string;
}

/**
 * The only queries that collector/test/engines/boards.test.ts lets answer nothing. A query that counts what should
 * not happen ends in `or vector(0)` instead, so that its panel shows 0.
 */
export const MAY_BE_EMPTY: readonly MayBeEmpty[] = [];

/** Metrics that are there from their first event on, with the event; their queries show 0 before. */
export const APPEAR_LATER: Readonly<Record<string, string>> = {
  loki_discarded_samples_total: 'a line that Loki discards',
  loki_ingester_chunk_stored_bytes_total: 'a chunk that is full or two hours old',
  tempo_discarded_spans_total: 'a span that Tempo discards',
  tempodb_backend_bytes_total: 'a block that Tempo has finished and seen',
  prometheus_api_otlp_translation_warnings_total: 'an attribute that OTLP translation cannot keep',
  signalbox_exporter_adjusted_items_total: 'an item that a destination would have refused as it came',
  signalbox_receiver_delta_points_total: 'a metric point with delta temporality',
};
