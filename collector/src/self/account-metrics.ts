import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AccountingReport } from '#core/accounting.ts';
import type { ProcessorCount } from '#core/processor-count.ts';
import type { Signal } from '#core/signal.ts';

const COMMIT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

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
  const oldest = gauge(
    'signalbox_exporter_oldest_waiting_seconds',
    'age of the oldest item that the destination has not settled; 0 when none waits',
    ['exporter', 'signal'],
  );
  const commits = new Histogram({
    name: 'signalbox_journal_commit_duration_seconds',
    help: 'writing one group of requests to the journal and syncing it',
    labelNames: ['signal'],
    buckets: COMMIT_BUCKETS,
    registers: [registry],
  });
  const bytes = gauge('signalbox_journal_bytes', 'bytes of the journal on disk', ['signal']);
  const maxBytes = gauge('signalbox_journal_max_bytes', 'bytes above which the oldest goes', ['signal']);
  const setProcessorCounts = createProcessorMetrics(registry);
  return {
    observeJournalCommit: ({ seconds, signal }: { signal: Signal; seconds: number }) =>
      commits.observe({ signal }, seconds),
    setAccounts({ destinations, journals, processors }: AccountingReport) {
      setProcessorCounts(processors);
      for (const journal of journals) {
        bytes.set({ signal: journal.signal }, journal.bytes);
        maxBytes.set({ signal: journal.signal }, journal.maxBytes);
      }
      for (const account of destinations) {
        const { accepted, damaged, deadLettered, delivered, destination, expired, refused, signal, waiting } =
          account;
        queue.set({ exporter: destination, data_type: signal }, waiting);
        const since = account.oldestWaitingUnixMs;
        const age = since === null ? 0 : Math.max(0, (Date.now() - since) / 1000);
        oldest.set({ exporter: destination, signal }, age);
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

/** What processors did; they bound how many counts there are. */
function createProcessorMetrics(registry: Registry): (counts: readonly ProcessorCount[]) => void {
  let latest: readonly ProcessorCount[] = [];
  new Counter({
    name: 'signalbox_processor_actions_total',
    help: 'values, attributes or items that processors changed or dropped before the journal',
    labelNames: ['processor', 'rule', 'action', 'signal', 'service'],
    registers: [registry],
    // Counted elsewhere; written down only when somebody reads it.
    collect() {
      this.reset();
      for (const { action, count, processor, rule, service, signal } of latest) {
        this.inc({ processor, rule, action, signal, service }, count);
      }
    },
  });
  return (counts) => {
    latest = counts;
  };
}
