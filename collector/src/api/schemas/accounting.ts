import { type Static, Type } from 'typebox';
import { Params, Rfc3339Utc, SignalName } from './common.ts';

/** Nothing can be chosen: accounts count since they began, whatever the range. */
export const AccountingParams = Params({});

const TimeOrNull = (description: string) => Type.Union([Rfc3339Utc, Type.Null()], { description });
const TextOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const Amount = (description: string) => Type.Integer({ description });

export const JournalAccounting = Type.Object({
  signal: SignalName,
  accepted: Amount('Items since the journal began'),
  bytes: Amount('Bytes on disk'),
  maxBytes: Amount('Above this the oldest segments are removed'),
  maxAgeSeconds: Type.Number({ description: 'Older segments are removed' }),
  segments: Amount('Files'),
  oldestAt: TimeOrNull('When the oldest record that is kept was received; null when none is'),
  failure: TextOrNull('Why it cannot be written now, so that senders get 503; null when it can'),
});
export type JournalAccounting = Static<typeof JournalAccounting>;

export const DestinationAccounting = Type.Object({
  destination: Type.String({ description: 'The word in configuration, metrics and log: store, otlp' }),
  signal: SignalName,
  accepted: Amount('Items taken into the journal since this account began'),
  delivered: Amount('Items that the destination took'),
  waiting: Amount('Items on disk that the destination has not settled; counted from the journal'),
  expired: Amount("Items that the journal's age or size cap removed before the destination took them"),
  refused: Amount('Items that the destination said it left out (`partial_success`)'),
  deadLettered: Amount('Items refused for good, kept in the dead-letter folder'),
  damaged: Amount('Items lost to damaged bytes on disk'),
  balanced: Type.Boolean({
    description: 'accepted = delivered + waiting + expired + refused + deadLettered + damaged',
  }),
  oldestWaitingAt: TimeOrNull('When the oldest waiting item was received; null when none waits'),
  state: Type.Enum(['idle', 'sending', 'retrying', 'splitting'], {
    description:
      '`retrying`: the last attempt failed and is repeated; `splitting`: looking for the items at fault',
  }),
  lastError: TextOrNull('Why the last attempt failed; null once one succeeded'),
  nextAttemptAt: TimeOrNull('When it is tried again, while `retrying`'),
});
export type DestinationAccounting = Static<typeof DestinationAccounting>;

export const WarningAccounting = Type.Object({
  code: Type.Enum(['delta_temporality'], {
    description: 'Data points with delta temporality go to Prometheus, which may lose some of them',
  }),
  message: Type.String({ description: 'What it means and what to do about it' }),
  points: Amount('Data points of these services'),
  services: Type.Array(Type.String(), {
    description: 'Those that sent such within the last hour, the latest first, at most 256 by their name',
  }),
  lastAt: Rfc3339Utc,
});
export type WarningAccounting = Static<typeof WarningAccounting>;

export const ProcessorAccounting = Type.Object({
  processor: Type.String({ description: 'The word in configuration and metrics: sample' }),
  signal: SignalName,
  reason: Type.String({
    description: 'Why, and by which rule: `drop:health_checks`, `sample:ratio`, `rate_limit:rate_limits[0]`',
  }),
  items: Amount('Items since the start of the process'),
});
export type ProcessorAccounting = Static<typeof ProcessorAccounting>;

/** Where everything is that was accepted. */
export const AccountingResponse = Type.Object({
  at: Rfc3339Utc,
  balanced: Type.Boolean({ description: 'Whether every destination is' }),
  journals: Type.Array(JournalAccounting, { description: 'One a signal' }),
  destinations: Type.Array(DestinationAccounting, { description: 'One a destination and signal' }),
  warnings: Type.Array(WarningAccounting, {
    description: 'What was accepted and may come to harm behind the 200 of a destination',
  }),
  processors: Type.Array(ProcessorAccounting, {
    description:
      'What processors dropped before the journals, so that it is in no account: senders were told 200 for it too',
  }),
});
export type AccountingResponse = Static<typeof AccountingResponse>;
