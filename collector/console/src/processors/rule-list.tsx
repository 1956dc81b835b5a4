import type { RedactionRule } from '#api/schemas/processors.ts';
import { OnOff } from './section-list.tsx';

/** The rules of redaction: what each takes out, and whether it does. */
export function RuleList({ rules }: { rules: readonly RedactionRule[] }) {
  const on = rules.filter(({ isOn }) => isOn).length;
  return (
    <div class="data-section">
      <h2 class="section-title" id="rules-title">
        Rules of redaction{' '}
        <span class="muted">
          {on} on, {rules.length - on} off; switched off by name with <code>redact.off</code>
        </span>
      </h2>
      <ul class="rule-list" aria-labelledby="rules-title">
        {rules.map(({ isOn, name, title }) => (
          <li key={name} data-testid="rule" data-rule={name} data-on={isOn}>
            <OnOff isOn={isOn} />
            <code class="strong">{name}</code>
            <span class="muted">{title}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
