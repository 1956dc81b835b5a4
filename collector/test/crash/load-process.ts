import { setTimeout as sleep } from 'node:timers/promises';
import { createLedger, type Ledger, startLoad } from '../support/load-sender.ts';

/** What this process is told, as JSON in its only argument. Run by memory.test.ts. */
export interface LoadOrder {
  url: string;
  connections: number;
  sizes: number[];
  padding: number;
  seconds: number;
}

/** What it writes to stdout at its end, as JSON. */
export type LoadResult = Pick<Ledger, 'acked' | 'answers' | 'refusals'>;

const order = JSON.parse(process.argv[2]!) as LoadOrder;
const ledger = createLedger();
const load = startLoad({ ...order, ledger });
await sleep(order.seconds * 1000);
await load.stop();
const { acked, answers, refusals } = ledger;
process.stdout.write(JSON.stringify({ acked, answers, refusals } satisfies LoadResult));
