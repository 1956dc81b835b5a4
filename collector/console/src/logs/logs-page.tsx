import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LogRecord, LogsResponse } from '#api/schemas/logs.ts';
import { usePages } from '../fetch/use-pages.ts';
import { formatCount } from '../format/number.ts';
import { useConsole } from '../state.ts';
import { LoadState } from '../widgets/load-state.tsx';
import { LogFilters, wordsPlace } from './log-filters.tsx';
import { LogList } from './log-list.tsx';
import { logsQuery, tailQuery } from './logs-query.ts';
import { NoLogs } from './no-logs.tsx';
import { TailBar } from './tail-bar.tsx';
import { useTail } from './use-tail.ts';

/** Above this the browser would run out of breath before the reader does. */
const MAX_LINES = 100_000;

/** Log lines, newest first, and live when asked. */
export function LogsPage() {
  const { location, range } = useConsole();
  const params = location.params.value;
  const tailing = params.get('tail') === '1';
  const [paused, setPaused] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const held = paused || !atTop;
  const pages = usePages<LogsResponse, LogRecord>({
    path: `/api/v1/logs?${logsQuery(params, tailing ? { from: range.value.from, to: 'now' } : range.value)}`,
    itemsOf: (response) => response.logs,
    keyOf: (log) => log.id,
  });
  const tail = useTail(tailing ? tailQuery(params) : null, held);
  useEffect(() => {
    if (!held) tail.release();
  }, [held]);
  const lines = useMemo(() => merge(tail.shown, pages.items), [tail.shown, pages.items]);
  const { more } = pages;
  const loadMore = () => {
    if (more.cursor !== null && !more.loading && more.failure === undefined && lines.length < MAX_LINES)
      more.load();
  };
  return (
    <section class="page page-fill">
      <header class="page-head">
        <h1>Logs</h1>
        {pages.first.data !== undefined && (
          <span class="muted">
            {more.cursor === null
              ? `${formatCount(lines.length)} lines`
              : `the newest ${formatCount(lines.length)} lines, older ones load as you scroll`}
          </span>
        )}
      </header>
      <LogFilters tailing={tailing} wordsIn={pages.first.data?.wordsIn} />
      {tailing && (
        <TailBar
          tail={tail}
          paused={paused}
          held={held}
          onPause={setPaused}
          onCatchUp={() => {
            setPaused(false);
            tail.release();
            document.querySelector('.log-list .virtual-list')?.scrollTo(0, 0);
          }}
        />
      )}
      <LoadState of={pages.first} what="Logs">
        {() =>
          lines.length === 0 ? (
            <NoLogs tailing={tailing} place={wordsPlace(pages.first.data?.wordsIn)} />
          ) : (
            <LogList
              lines={lines}
              onNearEnd={loadMore}
              onTop={setAtTop}
              end={
                lines.length >= MAX_LINES
                  ? `Showing ${formatCount(MAX_LINES)} lines, the most a page holds. Narrow the time range to see older ones.`
                  : (more.failure?.message ?? (more.loading ? 'Loading older lines…' : null))
              }
            />
          )
        }
      </LoadState>
    </section>
  );
}

/** Live lines in front of stored ones; a line that both have is shown once. */
function merge(live: readonly LogRecord[], stored: readonly LogRecord[]): readonly LogRecord[] {
  if (live.length === 0) return stored;
  const seen = new Set(live.map(({ id }) => id));
  return [...live, ...stored.filter(({ id }) => !seen.has(id))];
}
