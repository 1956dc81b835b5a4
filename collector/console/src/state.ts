import type { ReadonlySignal, Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SessionResponse } from '#api/schemas/session.ts';
import type { ApiClient } from './fetch/client.ts';
import type { Refresh } from './fetch/refresh.ts';
import type { TimeZoneMode } from './format/time.ts';
import type { Keyboard } from './shell/keyboard.ts';
import type { Preferences } from './shell/preferences.ts';
import type { Location } from './url/location.ts';
import type { TimeRange } from './url/range.ts';

/** Everything that pages share. Made once in main.tsx. */
export interface ConsoleState {
  location: Location;
  client: ApiClient;
  refresh: Refresh;
  keyboard: Keyboard;
  preferences: Preferences;
  range: ReadonlySignal<TimeRange>;
  zone: ReadonlySignal<TimeZoneMode>;
  /** Refreshing by itself: the range ends now and nobody paused it. */
  live: ReadonlySignal<boolean>;
  /** Who is logged in, and as what; null until it is known. */
  session: Signal<SessionResponse | null>;
  /** Leaves for the page to log in at, and comes back here from it. */
  logIn(): void;
  /** The colour of a service, as the number of a `--series-` variable. */
  colorOf: (service: string) => number;
}

export const ConsoleContext = createContext<ConsoleState | null>(null);

/** The shared state; a component outside of the console is a mistake of the programmer. */
export function useConsole(): ConsoleState {
  const state = useContext(ConsoleContext);
  if (state === null) throw new Error('useConsole needs ConsoleContext above it');
  return state;
}
