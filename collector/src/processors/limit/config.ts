import { type Static, Type } from 'typebox';

const KIB = 1024;
const MIB = 1024 * KIB;

const most = (bounds: { default: number; minimum: number; maximum: number }, description: string) =>
  Type.Integer({ ...bounds, description });

const count = (ofDefault: number, minimum: number, description: string) =>
  most({ default: ofDefault, minimum, maximum: 1_000_000 }, description);

/** Section `limit`: how large one item may be. What is beyond is cut, marked and counted; the rest is kept. */
export const limitSchema = Type.Object(
  {
    max_attributes: count(
      256,
      1,
      'Most attributes of one span, log record, data point, resource, scope, event or link; the first stay',
    ),
    max_value_bytes: most(
      { default: 256 * KIB, minimum: 256, maximum: 64 * MIB },
      'Longest text, and largest value as a whole; what is longer is cut and ends in `…[cut: 1048576 bytes]`',
    ),
    max_attributes_bytes: most(
      { default: 4 * MIB, minimum: 4 * KIB, maximum: 1024 * MIB },
      'Most bytes of attributes, events, links and exemplars of one item; those that do not fit are left out',
    ),
    max_resource_bytes: most(
      { default: 256 * KIB, minimum: 4 * KIB, maximum: 64 * MIB },
      'Most bytes of attributes of one resource or scope; what names the service stays',
    ),
    max_events: count(256, 0, 'Most events of one span'),
    max_links: count(256, 0, 'Most links of one span'),
    max_exemplars: count(32, 0, 'Most exemplars of one data point'),
    max_entity_refs: count(32, 0, 'Most entities that one resource refers to'),
    max_depth: most(
      { default: 16, minimum: 1, maximum: 63 },
      'How deep arrays and lists within each other may go in one value; deeper ones become a text that says so',
    ),
    max_list_values: count(4096, 1, 'Most values in one array or list, those in lists within it included'),
    max_future_days: most(
      { default: 366, minimum: 0, maximum: 36_600 },
      'A time further ahead than this becomes the time of receipt; 0: no limit',
    ),
    max_past_days: most(
      { default: 366, minimum: 0, maximum: 36_600 },
      'A time longer ago than this becomes the time of receipt; 0: no limit',
    ),
    max_series_per_metric: count(
      2000,
      1,
      'Most attribute sets of one metric of one service; points of others go to one with otel.metric.overflow',
    ),
    max_series: most(
      { default: 200_000, minimum: 1, maximum: 10_000_000 },
      'Most attribute sets of all metrics together, 24 to 48 bytes of memory each',
    ),
    series_idle_minutes: most(
      { default: 60, minimum: 1, maximum: 10_080 },
      'An attribute set without points for so long no longer counts',
    ),
  },
  { additionalProperties: false, default: {} },
);

export type LimitConfig = Static<typeof limitSchema>;
