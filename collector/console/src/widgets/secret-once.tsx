import { useEffect, useRef } from 'preact/hooks';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';

interface SecretOnceProps {
  title: string;
  /** What to copy: the secret, and the forms it is used in. */
  lines: readonly { label: string; text: string }[];
  onDone: () => void;
}

/** Shows a secret that cannot be shown again, until somebody says they have it. */
export function SecretOnce({ lines, onDone, title }: SecretOnceProps) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section ref={box} class="secret-once" tabIndex={-1} aria-label={title} data-testid="secret">
      <h2>
        <Icon name="keys" /> {title}
      </h2>
      <p>Copy it now: it is kept as a hash and cannot be shown again.</p>
      {lines.map(({ label, text }) => (
        <div key={label} class="secret-line">
          <span class="muted">{label}</span>
          <code>{text}</code>
          <CopyButton text={text} label={`Copy: ${label}`} caption="Copy" />
        </div>
      ))}
      <button type="button" class="button small" onClick={onDone}>
        I have copied it
      </button>
    </section>
  );
}
