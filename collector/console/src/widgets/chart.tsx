import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { formatDateTime } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { absoluteRange } from '../url/range.ts';
import { type ChartMarker, chartOptions } from './chart-options.ts';
import type { ChartSeries } from './chart-series.ts';
import { useThemeCount, useWidth } from './use-measure.ts';

interface ChartProps {
  title: string;
  /** Seconds since 1970, rising; every series has a value or null for each. */
  times: readonly number[];
  series: readonly ChartSeries[];
  /** The range that was asked for, also where nothing is. */
  range: { fromMs: number; toMs: number };
  format: (value: number) => string;
  floorMax?: number;
  height?: number;
  markers?: readonly ChartMarker[];
  onCursor?: (index: number | null) => void;
}

const NO_MARKERS: readonly ChartMarker[] = [];

/** A chart over time. Its cursor is shared by all charts of the page; dragging across it sets the time range. */
export function Chart(props: ChartProps) {
  const { title, times, series, height = 160 } = props;
  const { location, zone } = useConsole();
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const theme = useThemeCount();
  const [cursor, setCursor] = useState<number | null>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null || width === 0) return;
    const style = getComputedStyle(element);
    const options = chartOptions({
      ...props,
      zone: zone.value,
      floorMax: props.floorMax ?? 0,
      markers: props.markers ?? NO_MARKERS,
      size: { width, height },
      color: (name) => resolveColor(element, style.getPropertyValue(name)),
      onZoom: (fromMs, toMs) => location.go(location.with({ ...absoluteRange(fromMs, toMs) })),
      onCursor: (index) => {
        setCursor(index);
        props.onCursor?.(index);
      },
    });
    const data = [[...times], ...series.map(({ values }) => [...values])] as uPlot.AlignedData;
    const plot = new uPlot(options, data, element);
    return () => plot.destroy();
  }, [width, height, theme, times, series, props.range.fromMs, props.range.toMs, zone.value, props.markers]);
  return (
    <figure class="chart" data-testid="chart">
      <figcaption>
        <span class="chart-title">{title}</span>
        <Readout {...props} cursor={cursor} />
      </figcaption>
      <div class="chart-plot" ref={host} style={{ height: `${height}px` }} />
    </figure>
  );
}

/** Canvas does not know `light-dark()`: the browser resolves the colour on an element first. */
function resolveColor(host: HTMLElement, value: string): string {
  const probe = document.createElement('span');
  probe.style.color = value;
  host.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

function Readout({ cursor, times, series, format }: ChartProps & { cursor: number | null }) {
  const { zone } = useConsole();
  const time = cursor === null ? undefined : times[cursor];
  if (cursor === null || time === undefined || series.length > 4) return null;
  return (
    <span class="chart-readout">
      {formatDateTime(time * 1000, zone.value).slice(11)}
      {series.map(({ label, values }) => {
        const value = values[cursor];
        return (
          <span key={label}>
            {series.length > 1 ? `${label} ` : ''}
            <b>{value === null || value === undefined ? 'no data' : format(value)}</b>
          </span>
        );
      })}
    </span>
  );
}
