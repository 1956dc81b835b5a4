import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LogRecord } from '#api/schemas/logs.ts';
import { formatDuration } from '../format/duration.ts';
import { useConsole } from '../state.ts';
import { VirtualList } from '../widgets/virtual-list.tsx';
import { extentOf, type TreeSpan, visibleRows } from './waterfall.ts';
import { WaterfallRow } from './waterfall-row.tsx';

interface WaterfallProps {
  rows: readonly TreeSpan[];
  logs: readonly LogRecord[];
  originUnixNano: string;
  selectedId: string | null;
  select: (spanId: string | null) => void;
}

const ROW_HEIGHT = 28;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** The spans of a trace over time, one a row. */
export function Waterfall(props: WaterfallProps) {
  const { rows, selectedId, select } = props;
  const { colorOf } = useConsole();
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const visible = useMemo(() => visibleRows(rows, collapsed), [rows, collapsed]);
  const extent = useMemo(() => extentOf(rows), [rows]);
  const logsBySpan = useMemo(() => groupLogs(props.logs), [props.logs]);
  const selectedAt = visible.findIndex(({ span }) => span.spanId === selectedId);
  const toggle = (spanId: string) => {
    const next = new Set(collapsed);
    if (!next.delete(spanId)) next.add(spanId);
    setCollapsed(next);
  };
  useWaterfallKeys({ visible, selectedAt, collapsed, select, toggle });
  const canCollapse = rows.filter(({ descendants, depth }) => descendants > 0 && depth > 0);
  return (
    <div class="waterfall">
      <VirtualList
        count={visible.length}
        rowHeight={ROW_HEIGHT}
        label="Spans"
        keyOf={(index) => visible[index]!.span.spanId}
        showIndex={selectedAt}
        header={
          <div class="waterfall-axis">
            <div class="waterfall-name">
              <button
                type="button"
                class="link-button"
                disabled={canCollapse.length === 0}
                onClick={() =>
                  setCollapsed(
                    collapsed.size > 0 ? new Set() : new Set(canCollapse.map(({ span }) => span.spanId)),
                  )
                }
              >
                {collapsed.size > 0 ? 'Expand all' : 'Collapse all'}
              </button>
            </div>
            <div class="waterfall-time">
              {TICKS.map((tick) => (
                <span key={tick} style={{ left: `${tick * 100}%` }}>
                  {formatDuration(Math.round(extent.widthNano * tick))}
                </span>
              ))}
            </div>
          </div>
        }
        row={(index) => {
          const row = visible[index]!;
          const { spanId } = row.span;
          return (
            <WaterfallRow
              row={row}
              extent={extent}
              color={colorOf(row.span.service)}
              logs={logsBySpan.get(spanId) ?? NO_LOGS}
              originUnixNano={props.originUnixNano}
              selected={spanId === selectedId}
              collapsed={collapsed.has(spanId)}
              onSelect={() => select(spanId === selectedId ? null : spanId)}
              onToggle={() => toggle(spanId)}
            />
          );
        }}
      />
    </div>
  );
}

const NO_LOGS: readonly LogRecord[] = [];

function groupLogs(logs: readonly LogRecord[]): Map<string, LogRecord[]> {
  const groups = new Map<string, LogRecord[]>();
  for (const log of logs) {
    if (log.spanId === null) continue;
    const group = groups.get(log.spanId);
    if (group === undefined) groups.set(log.spanId, [log]);
    else group.push(log);
  }
  return groups;
}

interface WaterfallKeys {
  visible: readonly TreeSpan[];
  selectedAt: number;
  collapsed: ReadonlySet<string>;
  select: (spanId: string) => void;
  toggle: (spanId: string) => void;
}

function useWaterfallKeys({ visible, selectedAt, collapsed, select, toggle }: WaterfallKeys): void {
  const { keyboard, location } = useConsole();
  const current = visible[selectedAt];
  useEffect(() => {
    const move = (step: 1 | -1) => {
      // Read where the selection is now: keys may come faster than the page is drawn.
      const at = visible.findIndex(({ span }) => span.spanId === location.params.value.get('span'));
      const next = visible[at === -1 ? 0 : at + step];
      if (next !== undefined) select(next.span.spanId);
    };
    keyboard.list.value = { move, open: () => {} };
    const onKey = (event: KeyboardEvent) => {
      if (current === undefined || current.descendants === 0 || event.target instanceof HTMLInputElement)
        return;
      const isCollapsed = collapsed.has(current.span.spanId);
      if (event.key === (isCollapsed ? 'ArrowRight' : 'ArrowLeft')) toggle(current.span.spanId);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      keyboard.list.value = null;
      document.removeEventListener('keydown', onKey);
    };
  });
}
