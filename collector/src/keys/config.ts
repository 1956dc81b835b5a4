import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false, default: {} };
const MAX_AMOUNT = 1_000_000_000_000;

const amount = (description: string) =>
  Type.Integer({ default: 0, minimum: 0, maximum: MAX_AMOUNT, description: `${description}; 0: no limit` });

function limitsOf(whose: string) {
  return Type.Object(
    {
      items_per_second: amount(`Spans, log records and data points a second ${whose}`),
      bytes_per_second: amount(`Bytes a second ${whose}, as they come over the wire`),
      burst_seconds: Type.Integer({
        default: 10,
        minimum: 1,
        maximum: 3600,
        description: 'As much as comes in so many seconds may come at once',
      }),
      items_per_day: amount(`Items a day (UTC) ${whose}`),
    },
    closed,
  );
}

/** Section `keys`: who may send without a key, and how much. */
export const keysSchema = Type.Object(
  {
    required: Type.Boolean({
      default: false,
      description:
        'Refuse senders without an API key. Otherwise they are let in as the default tenant; a key that is not good is refused in any case',
    }),
    limits: limitsOf('of a key without a limit of its own'),
    anonymous: limitsOf('of all senders without a key together'),
  },
  closed,
);
export type KeysConfig = Static<typeof keysSchema>;
export type LimitsConfig = KeysConfig['limits'];
