import { useEffect, useState } from 'preact/hooks';
import { useConsole } from '../state.ts';

interface FilterFieldProps {
  /** The query parameter it sets. */
  name: string;
  label: string;
  placeholder: string;
  /** Values to choose from while typing. */
  suggestions?: readonly string[];
  width?: string;
  /** Shows the parameter's value as a person would type it. */
  show?: (value: string) => string;
  /** Turns what was typed into the parameter's value; null: it is not one. */
  parse?: (text: string) => string | null;
  /** Applies while typing, after a pause of this many milliseconds; without it on Enter or leaving. */
  applyAfterMs?: number;
}

const same = (text: string) => text;

/** A text field whose value stands in the address. */
export function FilterField(props: FilterFieldProps) {
  const { location } = useConsole();
  const current = location.params.value.get(props.name) ?? '';
  const shown = (props.show ?? same)(current);
  const [text, setText] = useState(shown);
  const [wrong, setWrong] = useState(false);
  useEffect(() => setText(shown), [shown]);
  useEffect(() => {
    if (props.applyAfterMs === undefined || text === shown) return;
    const timer = setTimeout(() => apply({ replace: true }), props.applyAfterMs);
    return () => clearTimeout(timer);
  }, [text]);
  function apply(options?: { replace: boolean }) {
    const trimmed = text.trim();
    const value = trimmed === '' ? '' : (props.parse ?? same)(trimmed);
    setWrong(value === null);
    if (value === null || value === current) return;
    location.go(location.with({ [props.name]: value }), options);
  }
  const listId = props.suggestions === undefined ? undefined : `suggest-${props.name}`;
  return (
    <form
      class="filter-field"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <input
        type="search"
        value={text}
        list={listId}
        aria-label={props.label}
        aria-invalid={wrong}
        title={props.label}
        placeholder={props.placeholder}
        autocomplete="off"
        spellcheck={false}
        style={{ width: props.width ?? '160px' }}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={() => apply()}
      />
      {listId !== undefined && (
        <datalist id={listId}>
          {props.suggestions?.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
    </form>
  );
}
