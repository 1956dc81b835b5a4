import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { TraceResponse } from '#api/schemas/traces.ts';
import { useConsole } from '../state.ts';
import { SpanPanel } from './span-panel.tsx';
import { TraceHead } from './trace-head.tsx';
import { TraceLogs } from './trace-logs.tsx';
import { layoutTrace } from './waterfall.ts';
import { Waterfall } from './waterfall-view.tsx';

/** The waterfall or the logs on the left, the selected span on the right. Both stand in the address. */
export function TraceView({ trace }: { trace: TraceResponse }) {
  const { location, keyboard } = useConsole();
  const params = location.params.value;
  const rows = useMemo(() => layoutTrace(trace.spans, trace.startTimeUnixNano), [trace]);
  const selected = rows.findIndex(({ span }) => span.spanId === params.get('span'));
  const tab = params.get('tab') === 'logs' ? 'logs' : 'waterfall';
  const select = (span: string | null) => location.go(location.with({ span }), { replace: true });
  useLayoutEffect(() => {
    keyboard.close.value = () => select(null);
    return () => {
      keyboard.close.value = null;
    };
  }, [location.params.value]);
  return (
    <>
      <TraceHead trace={trace} rows={rows} tab={tab} select={select} />
      <div class={`trace-body ${selected >= 0 ? 'has-panel' : ''}`}>
        {tab === 'logs' ? (
          <TraceLogs trace={trace} rows={rows} select={select} />
        ) : (
          <Waterfall
            rows={rows}
            logs={trace.logs}
            originUnixNano={trace.startTimeUnixNano}
            selectedId={params.get('span')}
            select={select}
          />
        )}
        {selected >= 0 && (
          <SpanPanel
            key={params.get('span')}
            trace={trace}
            rows={rows}
            index={selected}
            close={() => select(null)}
          />
        )}
      </div>
    </>
  );
}
