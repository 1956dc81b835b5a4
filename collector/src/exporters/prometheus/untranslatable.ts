/**
 * What Prometheus 3.16 says, with HTTP 500, of a point that it has no form for (storage/remote/otlptranslator, its module
 * otlptranslator, model/histogram, and labels in tsdb/head_append.go). One such point costs a whole request.
 */
const COMPLAINTS = [
  /invalid temporality and type combination for metric/,
  /could not get aggregation temporality for .* as it has unsupported metric type/,
  /unsupported (metric|exemplar value) type/,
  /cannot convert exponential to native histogram/,
  /normalization for (metric|label name) .* resulted in/,
  /label name (is empty|.* contains only underscores)/,
  /histogram('s observation count| has an?| spans specify| custom bounds| with exponential schema)/,
  /invalid sample/,
];

/** Whether an answer of Prometheus tells that a point has no form there, which no later attempt changes. */
export function isUntranslatable(said: string): boolean {
  return COMPLAINTS.some((complaint) => complaint.test(said));
}
