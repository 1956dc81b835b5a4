import { type Static, Type } from 'typebox';

const MIB = 1024 * 1024;

/** Section `journal`: where accepted requests wait, on disk, for every destination. */
export const journalSchema = Type.Object(
  {
    fsync: Type.Union([Type.Literal('always'), Type.Literal('interval')], {
      default: 'always',
      description:
        'always: a sender gets its 200 when its data is synced to disk. interval: when it is written; a power ' +
        'failure then loses up to fsync_interval_ms of what was acknowledged (the end of the process does not)',
    }),
    fsync_interval_ms: Type.Integer({
      default: 200,
      minimum: 1,
      maximum: 60_000,
      description: 'Time between two syncs when fsync is interval',
    }),
    max_bytes: Type.Integer({
      default: 2048 * MIB,
      minimum: MIB,
      description: 'Of each signal: above it the oldest segment goes, delivered or not (see when_full)',
    }),
    max_age_hours: Type.Number({
      default: 24,
      exclusiveMinimum: 0,
      maximum: 24 * 365,
      description:
        'What some destination has not taken for this long goes, and is counted as expired; only the time that ' +
        'Signalbox runs counts',
    }),
    when_full: Type.Union([Type.Literal('expire_oldest'), Type.Literal('refuse')], {
      default: 'expire_oldest',
      description:
        'At max_bytes: remove the oldest and count it as expired, or refuse senders (503) until there is room',
    }),
    segment_max_bytes: Type.Integer({
      default: 64 * MIB,
      minimum: 64 * 1024,
      description: 'A segment that grew past this is closed; whole segments are removed',
    }),
    max_pending_bytes: Type.Integer({
      default: 128 * MIB,
      minimum: MIB,
      description: 'Of each signal: payloads in memory until they are on disk; above it senders get 503',
    }),
  },
  { additionalProperties: false, default: {} },
);
export type JournalConfig = Static<typeof journalSchema>;
