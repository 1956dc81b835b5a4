import { useConsole } from '../state.ts';

interface FilterSelectProps {
  /** The query parameter it sets. */
  name: string;
  label: string;
  /** What no choice means, as `All services`. */
  none: string;
  options: readonly (string | { value: string; label: string })[];
}

/** A choice whose value stands in the address. A value that is not offered, as from a shared link, still shows. */
export function FilterSelect({ name, label, none, options }: FilterSelectProps) {
  const { location } = useConsole();
  const current = location.params.value.get(name) ?? '';
  const all = options.map((option) =>
    typeof option === 'string' ? { value: option, label: option } : option,
  );
  const known = current === '' || all.some(({ value }) => value === current);
  return (
    <select
      class={`filter-select ${current === '' ? '' : 'is-set'}`}
      aria-label={label}
      title={label}
      value={current}
      onChange={(event) => location.go(location.with({ [name]: event.currentTarget.value }))}
    >
      <option value="">{none}</option>
      {!known && <option value={current}>{current}</option>}
      {all.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
