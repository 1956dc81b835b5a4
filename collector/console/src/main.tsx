import { computed, signal } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.tsx';
import { createApiClient } from './fetch/client.ts';
import { createRefresh } from './fetch/refresh.ts';
import { withCsrf } from './fetch/with-csrf.ts';
import { keptIn } from './shell/kept.ts';
import { createKeyboard } from './shell/keyboard.ts';
import { followLinks } from './shell/links.ts';
import { createPreferences } from './shell/preferences.ts';
import { ConsoleContext, type ConsoleState } from './state.ts';
import { createLocation } from './url/location.ts';
import { endsNow, readRange } from './url/range.ts';
import { createServiceColors } from './widgets/service-color.ts';

const REFRESH_MS = 10_000;

function createConsole(browser: Window): ConsoleState {
  const location = createLocation(browser);
  const range = computed(() => readRange(location.params.value));
  const live = computed(() => endsNow(range.value) && location.params.value.get('live') !== '0');
  const logIn = () => {
    const { hash, pathname, search } = browser.location;
    browser.location.assign(`/login?next=${encodeURIComponent(`${pathname}${search}${hash}`)}`);
  };
  return {
    location,
    session: signal(null),
    logIn,
    range,
    live,
    zone: computed(() => (location.params.value.get('tz') === 'utc' ? 'utc' : 'local')),
    client: createApiClient(
      { retryDelaysMs: [300, 1200] },
      { fetch: withCsrf((path, init) => browser.fetch(path, init)), onLoginNeeded: logIn },
    ),
    refresh: createRefresh(
      { intervalMs: REFRESH_MS },
      { isLive: () => live.value, document: browser.document },
    ),
    keyboard: createKeyboard(browser, (path) => location.go(location.to(path))),
    preferences: createPreferences(browser),
    colorOf: createServiceColors(keptIn(browser, 'signalbox.colors')),
  };
}

const state = createConsole(window);
followLinks(window, (href) => state.location.go(href));
render(
  <ConsoleContext.Provider value={state}>
    <App />
  </ConsoleContext.Provider>,
  document.querySelector('#app')!,
);
