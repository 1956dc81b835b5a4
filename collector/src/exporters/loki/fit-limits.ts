/**
 * What one Loki takes of one log line, as its `limits_config` says: `max_line_size`, `max_structured_metadata_size`,
 * `max_structured_metadata_entries_count`, `max_label_value_length`, `max_label_name_length`,
 * `max_label_names_per_series`, and the resource attributes that `otlp_config` makes index labels.
 */
export interface LokiLimits {
  /** At least 1024. */
  maxLineBytes: number;
  /** At least 4096. */
  maxMetadataBytes: number;
  /** At least 64. */
  maxMetadataEntries: number;
  /** At least 64. */
  maxLabelValueBytes: number;
  maxLabelNameBytes: number;
  maxLabels: number;
  indexLabels: readonly string[];
}

/** The limits of loki/loki.yaml; those it does not set are Loki's defaults (3.7, pkg/validation/limits.go). */
export const LOKI_LIMITS: LokiLimits = {
  maxLineBytes: 1024 * 1024,
  maxMetadataBytes: 256 * 1024,
  maxMetadataEntries: 512,
  maxLabelValueBytes: 2048,
  maxLabelNameBytes: 1024,
  maxLabels: 15,
  indexLabels: ['service.name', 'service.namespace', 'deployment.environment.name', 'signalbox.replay'],
};

/** JSON writes a control character of one byte as six; no other value grows more between the wire and Loki. */
const WORST_GROWTH = 6;

/** By how much the fields of a log record that have a fixed length grow at most when Loki names and prints them. */
const FIELDS_GROWTH_BYTES = 256;

/**
 * Whether a payload of these sizes should be looked through before it is sent. When false, every line in it is
 * within `maxLineBytes` whatever it holds, and the metadata of each, its resource and scope included, is within
 * `maxMetadataBytes` as far as its values are strings.
 *
 * Sizes cannot tell the rest: more than `maxMetadataEntries` attributes, lists that JSON blows up, nested maps whose
 * long names are repeated for each entry, index labels that are too long, names that Loki has no name for, ids of a
 * wrong length. A condition that excluded those too would be false only below 342 bytes. So whoever skips has to call
 * `fitForLoki` when Loki answers 400, and to send again if that changed anything.
 */
export function mayNeedFit(
  info: { longestItemBytes: number; uncompressedBytes: number },
  limits: LokiLimits,
): boolean {
  return (
    info.longestItemBytes * WORST_GROWTH > limits.maxLineBytes ||
    info.uncompressedBytes + FIELDS_GROWTH_BYTES > limits.maxMetadataBytes
  );
}
