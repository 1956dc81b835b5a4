import { effect, type Signal, signal } from '@preact/signals';
import { keptIn } from './kept.ts';

export type Theme = 'system' | 'light' | 'dark';

/** What belongs to a reader and not to what is looked at; kept in this browser only. */
export interface Preferences {
  theme: Signal<Theme>;
}

/** Reads and keeps the preferences. */
export function createPreferences(browser: Window): Preferences {
  const kept = keptIn(browser, 'signalbox.theme');
  const before = kept.read();
  const theme = signal<Theme>(before === 'light' || before === 'dark' ? before : 'system');
  effect(() => {
    const root = browser.document.documentElement;
    if (theme.value === 'system') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', theme.value);
    kept.write(theme.value);
  });
  return { theme };
}
