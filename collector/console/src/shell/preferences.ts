import { effect, type Signal, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

/** What belongs to a reader and not to what is looked at; kept in this browser only. */
export interface Preferences {
  theme: Signal<Theme>;
}

const THEME_KEY = 'signalbox.theme';

/** Reads and keeps the preferences; a browser that forbids storage just forgets them. */
export function createPreferences(browser: Window): Preferences {
  const theme = signal<Theme>(readTheme(browser));
  effect(() => {
    const root = browser.document.documentElement;
    if (theme.value === 'system') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', theme.value);
    try {
      browser.localStorage.setItem(THEME_KEY, theme.value);
    } catch {
      // Private windows may refuse storage: the choice then lasts as long as the page.
    }
  });
  return { theme };
}

function readTheme(browser: Window): Theme {
  try {
    const kept = browser.localStorage.getItem(THEME_KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}
