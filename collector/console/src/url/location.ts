import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { changeQuery, hrefOf, type QueryChanges, sharedQuery } from './query.ts';
import { type Route, readRoute } from './route.ts';

/** The address bar: where the console is, and the only way to go elsewhere. */
export interface Location {
  path: ReadonlySignal<string>;
  route: ReadonlySignal<Route>;
  params: ReadonlySignal<URLSearchParams>;
  go(href: string, options?: { replace: boolean }): void;
  /** Address of another page; range, clock and pause go along. */
  to(path: string, query?: QueryChanges): string;
  /** Address of this page with other parameters. */
  with(changes: QueryChanges): string;
}

/** Follows the browser's history; Back and Forward change the signals like `go` does. */
export function createLocation(browser: Window): Location {
  const url = signal(new URL(browser.location.href));
  const path = computed(() => url.value.pathname);
  const search = computed(() => url.value.search);
  const params = computed(() => new URLSearchParams(search.value));
  browser.addEventListener('popstate', () => {
    url.value = new URL(browser.location.href);
  });
  return {
    path,
    params,
    route: computed(() => readRoute(path.value)),
    go(href, options) {
      const next = new URL(href, url.value);
      if (next.href === url.value.href) return;
      const changesPage = next.pathname !== url.value.pathname;
      if (options?.replace === true) browser.history.replaceState(null, '', next);
      else browser.history.pushState(null, '', next);
      url.value = next;
      if (changesPage) browser.document.querySelector('main')?.scrollTo(0, 0);
    },
    to: (target, query = {}) => hrefOf(target, changeQuery(sharedQuery(params.value), query)),
    with: (changes) => hrefOf(path.value, changeQuery(params.value, changes)),
  };
}
