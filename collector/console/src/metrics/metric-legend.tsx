import { formatDateTime } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { type ChartSeries, lastValue } from '../widgets/chart-series.ts';

interface MetricLegendProps {
  lines: { times: readonly number[]; series: readonly ChartSeries[] };
  cursor: number | null;
  format: (value: number) => string;
  hidden: ReadonlySet<string>;
  onHide: (hidden: ReadonlySet<string>) => void;
}

/** The lines by name with their last value, and the value under the cursor. A click hides or shows a line. */
export function MetricLegend({ lines, cursor, format, hidden, onHide }: MetricLegendProps) {
  const { zone } = useConsole();
  const time = cursor === null ? undefined : lines.times[cursor];
  const show = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : format(value);
  const toggle = (label: string) => {
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    onHide(next);
  };
  return (
    <table class="table legend">
      <thead>
        <tr>
          <th scope="col">Series</th>
          <th scope="col" class="numeric">
            {time === undefined ? 'At cursor' : formatDateTime(time * 1000, zone.value).slice(11)}
          </th>
          <th scope="col" class="numeric">
            Last
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.series.map((line) => (
          <tr key={line.label} data-row class={hidden.has(line.label) ? 'is-hidden' : ''}>
            <td>
              <button
                type="button"
                class="legend-name"
                data-row-link
                aria-pressed={!hidden.has(line.label)}
                title={hidden.has(line.label) ? 'Show this line' : 'Hide this line'}
                onClick={() => toggle(line.label)}
              >
                <svg width="20" height="8" aria-hidden="true">
                  <path
                    d="M0 4H20"
                    stroke={`var(${line.color})`}
                    stroke-width="2"
                    stroke-dasharray={line.dash?.join(' ')}
                  />
                </svg>
                {line.label}
              </button>
            </td>
            <td class="numeric">{cursor === null ? '' : show(line.values[cursor])}</td>
            <td class="numeric">{show(lastValue(line.values))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
