import { useId } from 'preact/hooks';

interface FieldProps {
  name: string;
  label: string;
  /** What it takes, below the field. */
  hint?: string;
  type?: 'text' | 'password' | 'number';
  value?: string;
  isOptional?: boolean;
  autocomplete?: 'off' | 'current-password' | 'new-password' | 'username';
  maxLength?: number;
  min?: number;
  max?: number;
}

/** A field of a form with its label. What it holds is read from the form when that is sent. */
export function Field(props: FieldProps) {
  const { autocomplete = 'off', hint, isOptional = false, label, max, maxLength, min, name, type } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>
        {label}
        {isOptional && <span class="muted"> (optional)</span>}
      </label>
      {/* The types of preact tell inputs apart by the roles they may have; none has one here. */}
      <input
        id={id}
        name={name}
        type={(type ?? 'text') as 'text'}
        defaultValue={props.value ?? ''}
        required={!isOptional}
        autocomplete={autocomplete}
        spellcheck={false}
        maxLength={maxLength}
        min={min}
        max={max}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      {hint !== undefined && (
        <span class="muted" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  value?: string;
  options: readonly (readonly [value: string, label: string])[];
}

/** A field that takes one of some values. */
export function Choice({ label, name, options, value }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name}>
        {options.map(([option, text]) => (
          <option key={option} value={option} selected={option === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A whole number of a form; undefined when the field was left empty. */
export function numberIn(form: FormData, name: string): number | undefined {
  const text = String(form.get(name) ?? '').trim();
  return text === '' ? undefined : Number(text);
}

/** A text of a form without the blanks around it; never of passwords, which are taken as they are. */
export function textIn(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim();
}
