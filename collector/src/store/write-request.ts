import { setImmediate as turn } from 'node:timers/promises';
import type { Payload } from '#core/payload.ts';
import type { Signal } from '#core/signal.ts';
import { readEnvelope } from '#otlp/envelope.ts';
import type { DayTables } from './day-tables.ts';
import { writeLog } from './write-logs.ts';
import { enterResource, enterScope, type Origin } from './write-origin.ts';
import { writeMetric } from './write-points.ts';
import { writeSpan } from './write-spans.ts';

/** Items between two turns of the event loop, so that a large request does not hold up the API. */
const ITEMS_PER_TURN = 1000;

const WRITERS: Record<Signal, typeof writeSpan> = { traces: writeSpan, logs: writeLog, metrics: writeMetric };

type Step =
  | { kind: 'resource'; start: number; end: number; schemaUrl: string }
  | { kind: 'scope'; start: number; end: number; schemaUrl: string }
  | { kind: 'items'; ranges: number[] };

/** Writes one request into the open transaction of `tables`, a slice at a time. */
export async function writeRequest(tables: DayTables, payload: Payload): Promise<void> {
  const { bytes } = payload;
  const origin: Origin = { resourceId: 0, scopeId: 0, service: '' };
  const write = WRITERS[payload.signal];
  let untilTurn = ITEMS_PER_TURN;
  for (const step of planSteps(bytes)) {
    if (step.kind === 'resource') enterResource(tables, origin, { bytes, ...step });
    else if (step.kind === 'scope') enterScope(tables, origin, { bytes, ...step });
    else {
      const { ranges } = step;
      for (let i = 0; i < ranges.length; i += 2) {
        write(tables, origin, {
          bytes,
          start: ranges[i]!,
          end: ranges[i + 1]!,
          arrived: payload.receivedUnixNano,
        });
        if (--untilTurn > 0) continue;
        untilTurn = ITEMS_PER_TURN;
        await turn();
      }
    }
  }
}

function planSteps(bytes: Uint8Array): Step[] {
  const steps: Step[] = [];
  let ranges: number[] = [];
  readEnvelope(bytes, {
    resource: (start, end, schemaUrl) => steps.push({ kind: 'resource', start, end, schemaUrl }),
    scope(start, end, schemaUrl) {
      ranges = [];
      steps.push({ kind: 'scope', start, end, schemaUrl }, { kind: 'items', ranges });
    },
    item: (start, end) => ranges.push(start, end),
  });
  return steps;
}
