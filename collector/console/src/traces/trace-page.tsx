import type { TraceResponse } from '#api/schemas/traces.ts';
import { useApi } from '../fetch/use-api.ts';
import { useConsole } from '../state.ts';
import { LoadState } from '../widgets/load-state.tsx';
import { Notice } from '../widgets/notice.tsx';
import { TraceView } from './trace-view.tsx';

/** One trace, with all its spans and its logs. */
export function TracePage({ traceId }: { traceId: string }) {
  const trace = useApi<TraceResponse>(`/api/v1/traces/${encodeURIComponent(traceId)}`);
  return (
    <section class="page page-fill">
      {trace.failure?.status === 404 && trace.data === undefined ? (
        <TraceMissing traceId={traceId} reload={trace.reload} />
      ) : (
        <LoadState of={trace} what="The trace">
          {(data) => <TraceView trace={data} />}
        </LoadState>
      )}
    </section>
  );
}

function TraceMissing({ traceId, reload }: { traceId: string; reload: () => void }) {
  const { location } = useConsole();
  return (
    <Notice
      title="No such trace is kept"
      detail={`Nothing with the id ${traceId} is in the store. It may not have arrived yet, have been sampled away by its sender, or be older than what is kept.`}
    >
      <button type="button" class="button" onClick={reload}>
        Look again
      </button>
      <a class="button" href={location.to('/logs', { traceId })}>
        Look for logs with this id
      </a>
    </Notice>
  );
}
