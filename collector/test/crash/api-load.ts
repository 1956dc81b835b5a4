import { createApiReader } from '../support/api-reader.ts';
import { BLOCK_SIZE, LOAD_SERVICE } from '../support/load-payload.ts';
import { type Ledger, traceIdOf } from '../support/load-sender.ts';
import type { Signalbox } from '../support/start-signalbox.ts';

/** What of the load the API shows. */
export interface LoadReader {
  /** Acknowledged items that it does not show. Points have no ids in the API. */
  lost(): Promise<{ spans: number; logs: number }>;
}

const PARALLEL = 4;

export function createLoadReader(signalbox: Signalbox, ledger: Ledger): LoadReader {
  const api = createApiReader(signalbox);

  async function shownSpans(): Promise<Set<number>> {
    const shown = new Set<number>();
    const numbers = Array.from({ length: ledger.nextTrace - 1 }, (_, index) => index + 1);
    const lane = async () => {
      for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
        const trace = await api.trace(traceIdOf(number));
        for (const { spanId } of trace?.spans ?? []) shown.add(Number.parseInt(spanId, 16));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, lane));
    return shown;
  }

  async function shownLogs(): Promise<Set<number>> {
    const logs = await api.logs({ service: LOAD_SERVICE });
    return new Set(logs.map(({ body }) => Number.parseInt(String(body).slice(0, 16), 16)));
  }

  function countMissing(signal: 'traces' | 'logs', shown: Set<number>): number {
    let missing = 0;
    for (const { block, items } of ledger.acked.filter((acked) => acked.signal === signal)) {
      for (let id = block * BLOCK_SIZE; id < block * BLOCK_SIZE + items; id++) if (!shown.has(id)) missing++;
    }
    return missing;
  }

  return {
    lost: async () => ({
      spans: countMissing('traces', await shownSpans()),
      logs: countMissing('logs', await shownLogs()),
    }),
  };
}
