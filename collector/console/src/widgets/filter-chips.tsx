import { useState } from 'preact/hooks';
import { useConsole } from '../state.ts';
import { parseAttributeFilter, readAttributeFilters, withAttribute, withoutAttribute } from '../url/query.ts';
import { Icon } from './icon.tsx';

/** Attribute filters as chips, and a field to add one as `key=value`. */
export function FilterChips() {
  const { location } = useConsole();
  const params = location.params.value;
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  function add(event: Event) {
    event.preventDefault();
    const filter = parseAttributeFilter(text);
    setWrong(filter === null && text.trim() !== '');
    if (filter === null) return;
    setText('');
    location.go(location.with(withAttribute(params, filter)));
  }
  return (
    <>
      <form class="chip-form" onSubmit={add}>
        <input
          type="text"
          value={text}
          aria-label="Filter by attribute, as key=value"
          aria-invalid={wrong}
          title={wrong ? 'Write it as key=value' : 'Attribute filter: key=value, then Enter'}
          placeholder="attribute=value"
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setWrong(false);
          }}
        />
      </form>
      {readAttributeFilters(params).map((filter) => (
        <span key={`${filter.key}=${filter.value}`} class="chip">
          <span class="chip-text" title={`${filter.key} = ${filter.value}`}>
            {filter.key}=<b>{filter.value}</b>
          </span>
          <button
            type="button"
            aria-label={`Remove the filter ${filter.key}=${filter.value}`}
            onClick={() => location.go(location.with(withoutAttribute(params, filter)))}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
    </>
  );
}
