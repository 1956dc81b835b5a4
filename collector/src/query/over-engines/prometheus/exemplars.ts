import type { TimeRange } from '../../requests.ts';
import type { MetricDetail } from '../../results.ts';
import type { PrometheusClient } from './prometheus-client.ts';

const MAX_EXEMPLARS = 100;
const HEX = /^[0-9a-f]+$/i;

/** The newest exemplars of the series that one of the selectors fits. Prometheus knows their time to the millisecond. */
export async function readExemplars(
  client: PrometheusClient,
  request: { selectors: readonly string[]; range: TimeRange },
  signal: AbortSignal,
): Promise<MetricDetail['exemplars']> {
  const expr = request.selectors.join(' or ');
  const found = (await client.exemplars({ expr, range: request.range }, signal)).flatMap(
    ({ exemplars }) => exemplars,
  );
  return found
    .sort((a, b) => b.timestamp - a.timestamp)
    .filter(({ value }) => Number.isFinite(Number(value)))
    .slice(0, MAX_EXEMPLARS)
    .map(({ labels, timestamp, value }) => ({
      timeUnixNano: String(BigInt(Math.round(timestamp * 1000)) * 1_000_000n),
      value: Number(value),
      traceId: idOf(labels.trace_id, 32),
      spanId: idOf(labels.span_id, 16),
    }));
}

function idOf(text: string | undefined, digits: number): string | null {
  return text !== undefined && text.length === digits && HEX.test(text) ? text.toLowerCase() : null;
}
