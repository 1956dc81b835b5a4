import { Gauge, type Registry } from 'prom-client';
import type { AccountingReport } from '#core/accounting.ts';

/** Where items are, as gauges: the same figures as `/api/v1/accounting`. */
export function createAccountMetrics(registry: Registry) {
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const queue = gauge('otelcol_exporter_queue_size', 'items on disk that the destination has not settled', [
    'exporter',
    'data_type',
  ]);
  const items = gauge(
    'signalbox_exporter_items',
    'items by what became of them; accepted is the sum of the other states',
    ['exporter', 'signal', 'state'],
  );
  const bytes = gauge('signalbox_journal_bytes', 'bytes of the journal on disk', ['signal']);
  const maxBytes = gauge('signalbox_journal_max_bytes', 'bytes above which the oldest goes', ['signal']);
  return {
    setAccounts({ destinations, journals }: AccountingReport) {
      for (const journal of journals) {
        bytes.set({ signal: journal.signal }, journal.bytes);
        maxBytes.set({ signal: journal.signal }, journal.maxBytes);
      }
      for (const account of destinations) {
        const { accepted, damaged, deadLettered, delivered, destination, expired, refused, signal, waiting } =
          account;
        queue.set({ exporter: destination, data_type: signal }, waiting);
        const states = {
          accepted,
          delivered,
          waiting,
          expired,
          refused,
          dead_lettered: deadLettered,
          damaged,
        };
        for (const [state, count] of Object.entries(states)) {
          items.set({ exporter: destination, signal, state }, count);
        }
      }
    },
  };
}
