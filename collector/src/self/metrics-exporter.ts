import { Agent, request } from 'node:http';
import type { Clock } from '#core/clock.ts';
import type { MetricJson } from './metrics.ts';
import { metricsToOtlp } from './metrics-to-otlp.ts';
import { type SelfTarget, selfHeaders, selfUrl } from './self-target.ts';

export interface MetricsExporterDeps {
  target: SelfTarget;
  clock: Clock;
  /** When the counters started, nanoseconds since 1970. */
  startUnixNano: bigint;
  /** The metrics of all threads, merged. */
  read(): Promise<MetricJson[]>;
  /** Counts exports that failed; never logged. */
  onFailedExport(): void;
}

export interface MetricsExporter {
  /** Sends once more, for at most a second, and ends. */
  stop(): Promise<void>;
}

const EXPORT_TIMEOUT_MS = 5000;
const STOP_TIMEOUT_MS = 1000;

/**
 * Sends the process's own metrics to its own receiver every `intervalMs`; an export that is still under way
 * is not joined by a second one. Uses node:http with an agent of its own, since fetch may be led through a
 * proxy by the environment.
 */
export function startMetricsExporter(intervalMs: number, deps: MetricsExporterDeps): MetricsExporter {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let sending: Promise<void> | null = null;

  async function send(timeoutMs: number): Promise<void> {
    try {
      const times = { startUnixNano: deps.startUnixNano, timeUnixNano: deps.clock() };
      const body = JSON.stringify(metricsToOtlp(await deps.read(), deps.target.resource, times));
      await post({ target: deps.target, body, timeoutMs, agent });
    } catch {
      deps.onFailedExport();
    }
  }

  function sendOnce(timeoutMs: number): Promise<void> {
    sending ??= send(timeoutMs).finally(() => {
      sending = null;
    });
    return sending;
  }

  const timer = setInterval(() => void sendOnce(EXPORT_TIMEOUT_MS), intervalMs);
  timer.unref();

  return {
    async stop() {
      clearInterval(timer);
      const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref());
      await Promise.race([sendOnce(STOP_TIMEOUT_MS), late]);
      agent.destroy();
    },
  };
}

interface Post {
  target: SelfTarget;
  body: string;
  timeoutMs: number;
  agent: Agent;
}

function post({ target, body, timeoutMs, agent }: Post): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      selfUrl(target, 'metrics'),
      {
        method: 'POST',
        agent,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          ...selfHeaders(target),
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume();
        response.once('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error('not accepted')),
        );
        response.once('error', reject);
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
