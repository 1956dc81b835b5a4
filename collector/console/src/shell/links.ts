const CONTROLS = 'a, button, input, select, textarea, label, summary';

/**
 * Makes every plain link of the page an in-page move, and a click anywhere on a `[data-row]` a click on its
 * `[data-row-link]`. Modified clicks, other origins and selecting text keep what the browser does.
 */
export function followLinks(browser: Window, go: (href: string) => void): void {
  const { document } = browser;
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || !(event.target instanceof Element)) return;
    const link = event.target.closest('a') ?? rowLink(event.target, browser);
    if (link instanceof HTMLButtonElement) return link.click();
    if (link === null || link.target !== '' || link.hasAttribute('download')) return;
    if (link.origin !== browser.location.origin || isServed(link.pathname)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      if (event.target.closest('a') === null) browser.open(link.href, '_blank', 'noopener');
      return;
    }
    event.preventDefault();
    go(link.href);
  });
}

function isServed(path: string): boolean {
  return path.startsWith('/api/');
}

function rowLink(target: Element, browser: Window): HTMLAnchorElement | HTMLButtonElement | null {
  if (target.closest(CONTROLS) !== null || browser.getSelection()?.isCollapsed === false) return null;
  return (
    target.closest('[data-row]')?.querySelector<HTMLAnchorElement | HTMLButtonElement>('[data-row-link]') ??
    null
  );
}
