import { useState } from 'preact/hooks';
import { CopyButton } from '../widgets/copy-button.tsx';
import { LANGUAGES, snippet } from './snippets.ts';

/** Lines to copy for the reader's language. */
export function Guide({ url }: { url: string }) {
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>('Node.js');
  const steps = snippet(language, { url, now: Date.now() });
  return (
    <div class="guide">
      <div class="tabs" role="tablist" aria-label="Language">
        {LANGUAGES.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === language}
            onClick={() => setLanguage(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <ol class="steps">
        {steps.map(({ title, code }) => (
          <li key={title}>
            <div class="step-head">
              <span>{title}</span>
              <CopyButton text={code} label={`Copy: ${title}`} caption="Copy" />
            </div>
            <pre>
              <code>{code}</code>
            </pre>
          </li>
        ))}
      </ol>
    </div>
  );
}
