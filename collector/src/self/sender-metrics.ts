import { Counter, type Registry } from 'prom-client';

/** Requests of one sender that ended alike. */
export interface SenderCount {
  tenant: string;
  /** The id of its API key; '' for none, or none that was good. */
  key: string;
  outcome: string;
  count: number;
}

/** What API keys were used for; there are as many labels as keys. */
export function createSenderMetrics(registry: Registry) {
  let read: () => readonly SenderCount[] = () => [];
  new Counter({
    name: 'signalbox_sender_requests_total',
    help: 'requests of senders by API key: accepted, or why not',
    labelNames: ['tenant', 'key', 'outcome'],
    registers: [registry],
    // Counted elsewhere; written down only when somebody reads it.
    collect() {
      this.reset();
      for (const { count, ...labels } of read()) this.inc(labels, count);
    },
  });
  return {
    countSenders(source: () => readonly SenderCount[]) {
      read = source;
    },
  };
}
