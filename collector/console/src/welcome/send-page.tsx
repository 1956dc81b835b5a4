import type { StatusResponse } from '#api/schemas/status.ts';
import { useApi } from '../fetch/use-api.ts';
import { formatBytes, formatCount } from '../format/number.ts';
import { Fact } from '../widgets/fact.tsx';
import { LoadState } from '../widgets/load-state.tsx';
import { Guide } from './guide.tsx';

/** How to send data, at any time, and what has come so far. */
export function SendPage() {
  const status = useApi<StatusResponse>('/api/v1/status', { live: true });
  return (
    <section class="page welcome">
      <header class="page-head">
        <h1>Send data</h1>
      </header>
      <LoadState of={status} what="The status">
        {({ received, store, otlpHttpUrl, version }) => (
          <>
            <div class="facts">
              <Fact name="Spans kept">{seen(received.traces)}</Fact>
              <Fact name="Metric points kept">{seen(received.metrics)}</Fact>
              <Fact name="Log records kept">{seen(received.logs)}</Fact>
              <Fact name="On disk" title={`${formatCount(store.bytes)} bytes`}>
                {formatBytes(store.bytes)} of {formatBytes(store.maxBytes)}
              </Fact>
              <Fact name="Version">{version}</Fact>
            </div>
            <Guide url={otlpHttpUrl} />
          </>
        )}
      </LoadState>
    </section>
  );
}

/** The API counts no further than this: it is asked often, and a sign of life is all that is wanted. */
const COUNTED_UP_TO = 1000;

function seen(count: number): string {
  return count < COUNTED_UP_TO ? formatCount(count) : `${formatCount(COUNTED_UP_TO)} or more`;
}
