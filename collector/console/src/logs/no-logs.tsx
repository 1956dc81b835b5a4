import { useConsole } from '../state.ts';
import { Notice } from '../widgets/notice.tsx';
import { hasLogFilters } from './logs-query.ts';

/** Why there are no lines, and what to do; `place` is where words were looked for. */
export function NoLogs({ tailing, place }: { tailing: boolean; place: string }) {
  const { location } = useConsole();
  const filtered = hasLogFilters(location.params.value);
  if (tailing) return <Notice title="Waiting for lines" detail="New lines appear here as they arrive." />;
  return (
    <Notice
      title={filtered ? 'No line fits these filters' : 'No logs in this time range'}
      {...(filtered
        ? { detail: `All words must be in ${place}. An attribute is found by attribute=value.` }
        : {})}
    >
      {filtered && (
        <a class="button" href={location.to('/logs')}>
          Clear filters
        </a>
      )}
      <a class="button" href={location.with({ from: 'now-7d', to: null })}>
        Look at the last 7 days
      </a>
      <a class="button" href={location.to('/send')}>
        How to send data
      </a>
    </Notice>
  );
}
