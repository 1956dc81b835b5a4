import { useEffect, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';

interface CopyButtonProps {
  /** The text, or how to make it when it is large. */
  text: string | (() => string);
  label: string;
  /** Words beside the icon; without them the label is the name for screen readers and the hover. */
  caption?: string;
  icon?: IconName;
}

/** Copies and says so for a moment. */
export function CopyButton({ text, label, caption, icon = 'copy' }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 1500);
    return () => clearTimeout(timer);
  }, [state]);
  async function copy() {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setState('copied');
    } catch {
      setState('failed');
    }
  }
  const said = state === 'copied' ? 'Copied' : state === 'failed' ? 'Copying is blocked here' : label;
  return (
    <button
      type="button"
      class={caption === undefined ? 'icon-button small' : 'button small'}
      aria-label={said}
      title={said}
      onClick={() => void copy()}
    >
      <Icon name={state === 'copied' ? 'check' : state === 'failed' ? 'error' : icon} />
      {caption !== undefined && <span>{state === 'copied' ? 'Copied' : caption}</span>}
    </button>
  );
}
