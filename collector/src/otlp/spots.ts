/** What the pass over a request met that a processor may want to change; see `Spots`. */
export const SPOT = {
  /** A string field whose text may hold a secret or is too long. */
  text: 1,
  /** As `text`, of a bytes value. */
  bytes: 2,
  /** A large integer value. */
  integer: 3,
  /** An attribute, or member of a list of such, whose key has a class of its own. */
  keyed: 4,
  /** A message with many members. */
  crowd: 5,
  /** A time that is far off. */
  time: 6,
  /** The name of an event that has a class of its own. */
  event: 7,
  /** The value of an attribute that is large as a whole. */
  large: 8,
  /** A value within values, at the first level that is too deep. */
  deep: 9,
} as const;

/** Numbers that one spot takes in `Spots`. */
export const SPOT_STRIDE = 8;

/**
 * Spots in the order in which they end, `SPOT_STRIDE` numbers each:
 *  0 kind, of SPOT
 *  1 where the field begins, its tag; -1 of `crowd`
 *  2 and 3 its content: text and bytes without their length; of `keyed` the KeyValue message, of `crowd` the message,
 *    of `integer` the varint, of `time` the 8 bytes, of `large` and `deep` the AnyValue
 *  4 and 5 the key of the attribute around it, -1 and -1 when there is none
 *  6 the class of the key or event name, of `crowd` one of CROWD; else 0
 *  7 where the content of the item (span, log record, data point) around it begins; -1 in a resource or scope
 */
export type Spots = number[];

/** Kinds of messages whose members are counted. */
export const CROWD = {
  other: 0,
  resource: 1,
  scope: 2,
  span: 3,
  logRecord: 4,
  numberPoint: 5,
  histogramPoint: 6,
  exponentialPoint: 7,
  summaryPoint: 8,
  event: 9,
  link: 10,
  exemplar: 11,
  list: 12,
} as const;
