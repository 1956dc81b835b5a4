import type { LogRecord } from '#api/schemas/logs.ts';
import { exactDuration, formatDuration } from '../format/duration.ts';
import { countOf } from '../format/number.ts';
import { nanosSince } from '../format/time.ts';
import { Icon } from '../widgets/icon.tsx';
import type { TreeSpan } from './waterfall.ts';

interface WaterfallRowProps {
  row: TreeSpan;
  extent: { startNano: number; widthNano: number };
  color: number;
  logs: readonly LogRecord[];
  originUnixNano: string;
  selected: boolean;
  collapsed: boolean;
  onSelect: () => void;
  onToggle: () => void;
}

/** Deeper than this the indent stops growing, so that the name keeps its room. */
const MAX_INDENT = 16;

/** One span: its place in the tree, its name and service, its bar over time with events and logs on it. */
export function WaterfallRow(props: WaterfallRowProps) {
  const { row, color, selected, collapsed } = props;
  const { span } = row;
  const failed = span.statusCode === 'ERROR';
  return (
    <div
      class={`waterfall-row ${selected ? 'is-selected' : ''}`}
      data-testid="waterfall-row"
      data-span-id={span.spanId}
      data-error={failed}
      data-depth={row.depth}
    >
      <div class="waterfall-name" style={{ paddingLeft: `${Math.min(row.depth, MAX_INDENT) * 12 + 4}px` }}>
        <Caret {...props} />
        <span class="service-bar" style={{ background: `var(--series-${color})` }} aria-hidden="true" />
        <button
          type="button"
          class="waterfall-select"
          aria-pressed={selected}
          aria-label={`${span.name}, ${span.service}, ${formatDuration(row.durationNano)}${failed ? ', failed' : ''}`}
          onClick={props.onSelect}
        >
          {failed && (
            <span class="error-mark" title={span.statusMessage || 'Failed'}>
              ▲
            </span>
          )}
          <span class="waterfall-title">{span.name || '(no name)'}</span>
          <span class="waterfall-service">{span.service}</span>
        </button>
        {collapsed && row.errorsBelow > 0 && (
          <span class="error-mark" title={`${countOf(row.errorsBelow, 'failed span')} below`}>
            ▲{row.errorsBelow}
          </span>
        )}
      </div>
      <Bar {...props} failed={failed} />
    </div>
  );
}

function Caret({ row, collapsed, onToggle }: WaterfallRowProps) {
  if (row.descendants === 0) return <span class="caret" />;
  const label = `${collapsed ? 'Expand' : 'Collapse'} ${countOf(row.descendants, 'span')} below`;
  return (
    <button
      type="button"
      class="caret"
      aria-expanded={!collapsed}
      aria-label={label}
      title={label}
      onClick={onToggle}
    >
      <Icon name={collapsed ? 'right' : 'down'} />
    </button>
  );
}

function Bar(props: WaterfallRowProps & { failed: boolean }) {
  const { row, extent, color, failed, originUnixNano } = props;
  const percent = (nano: number) => ((nano - extent.startNano) / extent.widthNano) * 100;
  const left = percent(row.startNano);
  const width = (row.durationNano / extent.widthNano) * 100;
  const label = labelPlace(left, width);
  const offset = Number(row.span.clockOffsetNano);
  return (
    <div class="waterfall-time">
      <span
        class={`waterfall-bar ${failed ? 'is-bad' : ''}`}
        style={{ left: `${left}%`, width: `${width}%`, '--bar': `var(--series-${color})` }}
      />
      {row.span.events.slice(0, 50).map((event, index) => (
        <span
          key={index}
          class="mark-event"
          title={`Event: ${event.name}`}
          style={{ left: `${percent(nanosSince(event.timeUnixNano, originUnixNano) + offset)}%` }}
        />
      ))}
      {props.logs.slice(0, 50).map((log) => (
        <span
          key={log.id}
          class={`mark-log ${log.severityNumber >= 17 ? 'is-bad' : ''}`}
          title={`Log: ${typeof log.body === 'string' ? log.body : log.severityText}`}
          style={{ left: `${percent(nanosSince(log.timeUnixNano, originUnixNano) + offset)}%` }}
        />
      ))}
      <span
        class={`waterfall-duration ${label.inside ? 'is-inside' : ''}`}
        title={exactDuration(row.span.durationNano)}
        style={label.style}
      >
        {formatDuration(row.durationNano)}
      </span>
    </div>
  );
}

/** The duration goes where there is room: after the bar, before it, or in it when it fills the row. In per cent. */
function labelPlace(left: number, width: number): { inside: boolean; style: Record<string, string> } {
  if (left + width <= 84) return { inside: false, style: { left: `calc(${left + width}% + 6px)` } };
  if (left >= 16) return { inside: false, style: { right: `calc(${100 - left}% + 6px)` } };
  return { inside: true, style: { right: `calc(${100 - left - width}% + 6px)` } };
}
