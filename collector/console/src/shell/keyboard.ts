import { type Signal, signal } from '@preact/signals';

/** Lists that are virtualised move their own selection; others are moved through by focus. */
export interface ListNavigator {
  move(step: 1 | -1): void;
  open(): void;
}

export interface Keyboard {
  helpOpen: Signal<boolean>;
  /** The list that `j`, `k` and Enter act on; null: the links of the rows in the page. */
  list: Signal<ListNavigator | null>;
  /** What Esc closes first; null: nothing is open. */
  close: Signal<(() => void) | null>;
}

const PAGES: Readonly<Record<string, string>> = {
  s: '/services',
  t: '/traces',
  l: '/logs',
  m: '/metrics',
  a: '/alerts',
  p: '/processors',
  d: '/data',
  k: '/keys',
  u: '/people',
  r: '/audit',
};

/** How long after `g` the letter of a page still counts, in milliseconds. */
const CHORD_MS = 1500;

/** Listens to the keys of the help dialog. Typing in a field and shortcuts of the browser are left alone. */
export function createKeyboard(browser: Window, goTo: (path: string) => void): Keyboard {
  const keyboard: Keyboard = { helpOpen: signal(false), list: signal(null), close: signal(null) };
  let chordUntil = 0;
  browser.document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === 'Escape') onEscape(keyboard, browser.document);
    if (event.key === 'Escape' || isTyping(event.target) || keyboard.helpOpen.value) return;
    const inChord = event.timeStamp < chordUntil;
    chordUntil = event.key === 'g' ? event.timeStamp + CHORD_MS : 0;
    const page = inChord ? PAGES[event.key] : undefined;
    if (page !== undefined) goTo(page);
    else if (!onKey(event, keyboard, browser.document)) return;
    event.preventDefault();
  });
  return keyboard;
}

function onKey(event: KeyboardEvent, keyboard: Keyboard, document: Document): boolean {
  if (event.key === '/') document.querySelector<HTMLElement>('[data-search]')?.focus();
  else if (event.key === '?') keyboard.helpOpen.value = true;
  else if (event.key === 'j' || event.key === 'k') moveInList(event.key === 'j' ? 1 : -1, keyboard, document);
  else if (event.key === 'Enter' && keyboard.list.value !== null && !isControl(event.target))
    keyboard.list.value.open();
  else return false;
  return true;
}

function onEscape(keyboard: Keyboard, document: Document): void {
  if (isTyping(document.activeElement)) (document.activeElement as HTMLElement).blur();
  else keyboard.close.value?.();
}

function moveInList(step: 1 | -1, keyboard: Keyboard, document: Document): void {
  const list = keyboard.list.value;
  if (list !== null) {
    list.move(step);
    return;
  }
  const links = [...document.querySelectorAll<HTMLElement>('[data-row-link]')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? (step === 1 ? 0 : links.length - 1) : at + step;
  const link = links[next];
  link?.focus();
  link?.closest('[data-row]')?.scrollIntoView({ block: 'nearest' });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox' && target.type !== 'radio';
  return (
    target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  );
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, input, select, summary') !== null;
}
