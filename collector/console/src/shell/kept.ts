/** One text kept in this browser between visits; where storage is refused it is forgotten with the page. */
export interface Kept {
  read(): string | null;
  write(text: string): void;
}

/** Keeps a text under `key` in localStorage. */
export function keptIn(browser: Window, key: string): Kept {
  return {
    read() {
      try {
        return browser.localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    write(text) {
      try {
        browser.localStorage.setItem(key, text);
      } catch {
        // Private windows may refuse storage, and a full one too: nothing depends on it.
      }
    },
  };
}
