import { useRef, useState } from 'preact/hooks';
import { formatDateTime, type TimeZoneMode } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { absoluteRange, presetLabel, RANGE_PRESETS, resolveTime, type TimeRange } from '../url/range.ts';
import { Icon } from '../widgets/icon.tsx';
import { useCloseOutside } from './use-close-outside.ts';

/** Shows the time range; opens to choose another. */
export function TimePicker() {
  const { range, zone } = useConsole();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useCloseOutside(open, root, () => setOpen(false));
  return (
    <div class="time-picker" ref={root}>
      <button
        type="button"
        class="tool-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="clock" />
        <span class="time-label">{rangeText(range.value, zone.value)}</span>
        <Icon name="down" />
      </button>
      {open && <TimePanel close={() => setOpen(false)} />}
    </div>
  );
}

function TimePanel({ close }: { close: () => void }) {
  const { location, range, zone } = useConsole();
  const now = Date.now();
  const [from, setFrom] = useState(toInput(resolveTime(range.value.from, now) ?? now, zone.value));
  const [to, setTo] = useState(toInput(resolveTime(range.value.to, now) ?? now, zone.value));
  const choose = (next: TimeRange) => {
    close();
    const isDefault = next.from === 'now-1h' && next.to === 'now';
    location.go(
      location.with({ from: isDefault ? null : next.from, to: next.to === 'now' ? null : next.to }),
    );
  };
  function apply(event: Event) {
    event.preventDefault();
    const fromMs = fromInput(from, zone.value);
    const toMs = fromInput(to, zone.value);
    if (fromMs !== null && toMs !== null) choose(absoluteRange(fromMs, toMs));
  }
  return (
    <div class="time-panel" role="dialog" aria-label="Time range">
      <div class="time-presets">
        {RANGE_PRESETS.map(({ span, label }) => (
          <button
            key={span}
            type="button"
            aria-pressed={range.value.to === 'now' && range.value.from === `now-${span}`}
            onClick={() => choose({ from: `now-${span}`, to: 'now' })}
          >
            {label}
          </button>
        ))}
      </div>
      <form class="time-absolute" onSubmit={apply}>
        <label>
          From ({zone.value === 'utc' ? 'UTC' : 'local'})
          <input
            type="datetime-local"
            step="1"
            required
            value={from}
            onInput={(event) => setFrom(event.currentTarget.value)}
          />
        </label>
        <label>
          To
          <input
            type="datetime-local"
            step="1"
            required
            value={to}
            onInput={(event) => setTo(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button">
          Apply
        </button>
        <p class="muted">Dragging across any chart also sets the range. Back returns to the one before.</p>
      </form>
    </div>
  );
}

function rangeText(range: TimeRange, zone: TimeZoneMode): string {
  const preset = presetLabel(range);
  if (preset !== null) return preset;
  const now = Date.now();
  const from = formatDateTime(resolveTime(range.from, now) ?? now, zone);
  const to = range.to === 'now' ? 'now' : formatDateTime(resolveTime(range.to, now) ?? now, zone);
  return from.slice(0, 10) === to.slice(0, 10) ? `${from} – ${to.slice(11)}` : `${from} – ${to}`;
}

function toInput(ms: number, zone: TimeZoneMode): string {
  return formatDateTime(ms, zone).replace(' ', 'T');
}

function fromInput(text: string, zone: TimeZoneMode): number | null {
  const ms = Date.parse(zone === 'utc' ? `${text}Z` : text);
  return Number.isNaN(ms) ? null : ms;
}
