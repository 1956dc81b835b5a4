import { useState } from 'preact/hooks';
import type { RedactionRule, TryResponse } from '#api/schemas/processors.ts';
import { usePost } from '../fetch/use-post.ts';
import { formatBytes } from '../format/number.ts';
import { Icon } from '../widgets/icon.tsx';
import { TryResult } from './try-result.tsx';

const MAX_BYTES = 1024 * 1024;

interface TryItProps {
  fieldId: string;
  rules: readonly RedactionRule[];
}

/** Shows what would be kept of a text. It stays in the page and goes to this installation alone. */
export function TryIt({ fieldId, rules }: TryItProps) {
  const [input, setInput] = useState({ text: '', service: '', key: '' });
  const [tooLarge, setTooLarge] = useState('');
  const { busy, clear, data, failure, send } = usePost<TryResponse>('/api/v1/processors/try');
  const change = (changes: Partial<typeof input>) => setInput((before) => ({ ...before, ...changes }));
  function run(event: Event) {
    event.preventDefault();
    const bytes = new Blob([input.text]).size;
    const isTooLarge = bytes > MAX_BYTES;
    setTooLarge(isTooLarge ? `At most 1 MiB can be tried at a time; this is ${formatBytes(bytes)}.` : '');
    if (isTooLarge) clear();
    else if (input.text !== '')
      send({ text: input.text, service: input.service.trim(), key: input.key.trim() });
  }
  const problem = tooLarge || failure?.message;
  return (
    <section class="processor-tool" aria-labelledby="try-title" data-testid="try-it">
      <h2 id="try-title">Try it</h2>
      <p class="muted">
        What would be kept of a text, or of a whole export request in OTLP/JSON. Nothing of it is kept,
        counted or logged.
      </p>
      <form onSubmit={run}>
        <TextField fieldId={fieldId} text={input.text} onText={(text) => change({ text })} onRun={run} />
        <div class="processor-tool-row">
          <SmallField
            label="Attribute key"
            placeholder="body of a log"
            value={input.key}
            onText={(key) => change({ key })}
          />
          <SmallField
            label="Service"
            placeholder="any"
            value={input.service}
            onText={(service) => change({ service })}
          />
          <button
            type="submit"
            class="button primary"
            disabled={busy || input.text === ''}
            title="Ctrl+Enter"
          >
            {busy ? 'Trying…' : 'Try'}
          </button>
        </div>
      </form>
      {problem !== undefined && (
        <p class="problem" role="alert">
          <Icon name="error" /> {problem}
        </p>
      )}
      {data !== undefined && <TryResult result={data} rules={rules} />}
    </section>
  );
}

interface TextFieldProps {
  fieldId: string;
  text: string;
  onText: (text: string) => void;
  onRun: (event: Event) => void;
}

function TextField({ fieldId, text, onText, onRun }: TextFieldProps) {
  return (
    <textarea
      id={fieldId}
      rows={6}
      value={text}
      aria-label="Text to try, or an export request in OTLP/JSON"
      placeholder={'Paste a log line, a prompt, or {"resourceSpans": …}. Ctrl+Enter tries it.'}
      autocomplete="off"
      spellcheck={false}
      onInput={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onRun(event);
      }}
    />
  );
}

interface SmallFieldProps {
  label: string;
  placeholder: string;
  value: string;
  onText: (text: string) => void;
}

function SmallField({ label, placeholder, value, onText }: SmallFieldProps) {
  return (
    <label>
      {label}
      <input
        type="text"
        value={value}
        maxLength={256}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onText(event.currentTarget.value)}
      />
    </label>
  );
}
