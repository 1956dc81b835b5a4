import type { ComponentChildren } from 'preact';

interface FactProps {
  name: string;
  title?: string;
  bad?: boolean;
  children: ComponentChildren;
}

/** One number with its name, for the head of a page. */
export function Fact({ name, title, bad, children }: FactProps) {
  return (
    <div class={`fact ${bad === true ? 'is-bad' : ''}`} title={title}>
      <span class="fact-name">{name}</span>
      <span class="fact-value">
        {bad === true && <span aria-hidden="true">▲ </span>}
        {children}
      </span>
    </div>
  );
}
