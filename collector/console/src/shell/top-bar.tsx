import { useConsole } from '../state.ts';
import { Icon } from '../widgets/icon.tsx';
import { SearchBox } from './search-box.tsx';
import { ThemeButton } from './theme-button.tsx';
import { TimePicker } from './time-picker.tsx';
import { UserMenu } from './user-menu.tsx';

/** Search, time and refreshing: what every page has. */
export function TopBar() {
  const { keyboard, refresh } = useConsole();
  return (
    <header class="top-bar">
      <SearchBox />
      <div class="top-bar-tools">
        <TimePicker />
        <ZoneSwitch />
        <LiveButton />
        <button
          type="button"
          class="icon-button"
          aria-label="Refresh now"
          title="Refresh now"
          onClick={refresh.now}
        >
          <Icon name="refresh" />
        </button>
        <ThemeButton />
        <button
          type="button"
          class="icon-button key-button"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={() => {
            keyboard.helpOpen.value = true;
          }}
        >
          ?
        </button>
        <UserMenu />
      </div>
    </header>
  );
}

/** Pages that do not change by themselves; logs have their own live tail. */
const NOT_LIVE = new Set(['trace', 'logs', 'missing']);

function ZoneSwitch() {
  const { location, zone } = useConsole();
  const isUtc = zone.value === 'utc';
  return (
    <button
      type="button"
      class="tool-button"
      aria-pressed={isUtc}
      title={isUtc ? 'Times are in UTC; show local time' : 'Times are local; show UTC'}
      onClick={() => location.go(location.with({ tz: isUtc ? null : 'utc' }))}
    >
      {isUtc ? 'UTC' : 'Local'}
    </button>
  );
}

function LiveButton() {
  const { location, live, range, refresh } = useConsole();
  if (NOT_LIVE.has(location.route.value.page)) return null;
  const fixed = range.value.to !== 'now';
  const title = fixed
    ? 'A fixed time range does not refresh'
    : live.value
      ? 'Refreshing every 10 s; pause'
      : 'Paused; refresh every 10 s again';
  return (
    <button
      type="button"
      class={`tool-button live-button ${live.value ? 'is-live' : ''}`}
      disabled={fixed}
      aria-pressed={live.value}
      title={title}
      onClick={() => {
        location.go(location.with({ live: live.value ? '0' : null }), { replace: true });
        if (live.value) refresh.now();
      }}
    >
      {live.value ? <span class="live-dot" aria-hidden="true" /> : <Icon name="pause" />}
      <span class="live-text">{fixed ? 'Fixed' : live.value ? 'Live' : 'Paused'}</span>
    </button>
  );
}
