import type { StatusResponse } from '#api/schemas/status.ts';
import { useConsole } from '../state.ts';
import { Guide } from './guide.tsx';

/** Before the first telemetry of an app: what to copy, and a sign of life while waiting. */
export function Welcome({ status }: { status: StatusResponse }) {
  const { location } = useConsole();
  return (
    <section class="page welcome" data-testid="empty-state">
      <h1>Waiting for your first span</h1>
      <p class="waiting" role="status">
        <span class="live-dot" aria-hidden="true" />
        <span>
          Listening on <code>{status.otlpHttpUrl}</code>. This page changes by itself when something arrives.
        </span>
      </p>
      <Guide url={status.otlpHttpUrl} />
      <p class="muted">
        Meanwhile, Signalbox watches itself:{' '}
        <a href={location.to('/services', { own: '1' })}>see its own telemetry</a>.
      </p>
    </section>
  );
}
