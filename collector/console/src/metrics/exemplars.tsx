import type { MetricResponse } from '#api/schemas/metrics.ts';
import { formatCount } from '../format/number.ts';
import { formatMetricValue } from '../format/unit.ts';
import { useConsole } from '../state.ts';
import { tracePath } from '../url/route.ts';
import { TimeText } from '../widgets/time-text.tsx';

const SHOWN = 20;

/** Single measurements with the traces they were made in; the largest first, for those are asked about. */
export function Exemplars({ metric }: { metric: MetricResponse }) {
  const { location } = useConsole();
  const traced = metric.exemplars.filter(({ traceId }) => traceId !== null);
  if (traced.length === 0) return null;
  const largest = [...traced].sort((a, b) => b.value - a.value).slice(0, SHOWN);
  return (
    <section>
      <h2 class="section-title">
        ◆ Exemplars{' '}
        <span class="muted">
          {largest.length < traced.length
            ? `the ${SHOWN} largest of ${formatCount(traced.length)}`
            : traced.length}
        </span>
      </h2>
      <ul class="exemplars">
        {largest.map(({ timeUnixNano, value, traceId, spanId }) => (
          <li key={`${timeUnixNano} ${traceId} ${spanId} ${value}`}>
            <a href={location.to(tracePath(traceId ?? ''), { span: spanId })}>
              <span class="numeric strong">{formatMetricValue(value, { ...metric, stat: 'value' })}</span>
              <TimeText unixNano={timeUnixNano} />
              <code>{traceId?.slice(0, 8)}…</code>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
