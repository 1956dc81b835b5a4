import { useState } from 'preact/hooks';
import { useConsole } from '../state.ts';
import { readTraceId, tracePath } from '../url/route.ts';
import { Icon } from '../widgets/icon.tsx';

/** A trace id opens its trace; anything else is looked for in the logs. */
export function SearchBox() {
  const { location } = useConsole();
  const [text, setText] = useState('');
  const traceId = readTraceId(text);
  function submit(event: Event) {
    event.preventDefault();
    const words = text.trim();
    if (words === '') return;
    location.go(traceId === null ? location.to('/logs', { q: words }) : location.to(tracePath(traceId)));
    setText('');
    (document.activeElement as HTMLElement | null)?.blur();
  }
  return (
    <form class="search-box" onSubmit={submit}>
      <Icon name="search" />
      <input
        data-search
        type="search"
        value={text}
        aria-label="Search logs, or open a trace by its id"
        placeholder="Search logs or paste a trace id"
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {text === '' ? (
        <kbd>/</kbd>
      ) : (
        <span class="search-hint">{traceId === null ? 'Enter: search logs' : 'Enter: open trace'}</span>
      )}
    </form>
  );
}
