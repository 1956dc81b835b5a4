import { useMemo } from 'preact/hooks';
import type { RedactionRule, TryResponse } from '#api/schemas/processors.ts';
import { countOf, formatCount } from '../format/number.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { cutParts, type DiffPart, diffTexts } from './diff.ts';
import { ruleTitle } from './rule-title.ts';

/** More is slow to draw and nobody reads it; it can be copied whole. */
const MAX_SHOWN = 200_000;

interface TryResultProps {
  result: TryResponse;
  rules: readonly RedactionRule[];
}

/** What became of a text, with what went and what came marked. */
export function TryResult({ result, rules }: TryResultProps) {
  const { after, before, changes, warning } = result;
  const { leftOut, parts } = useMemo(() => cutParts(diffTexts(before, after), MAX_SHOWN), [before, after]);
  return (
    <div class="try-result" data-testid="try-result">
      <div class="try-head">
        <p class="strong" role="status">
          {headOf(result)}
        </p>
        <span class="spacer" />
        <CopyButton text={after} label="Copy what would be kept" caption="Copy result" />
      </div>
      {changes.length > 0 && (
        <ul class="try-changes">
          {changes.map(({ action, count, processor, rule }) => (
            <li key={`${processor} ${rule} ${action}`} data-testid="try-change" data-rule={rule}>
              <span class="tag">{processor}</span> <code class="strong">{rule}</code> {action}{' '}
              {count > 1 && `${formatCount(count)} times `}
              <span class="muted">{ruleTitle(processor, rule, rules)}</span>
            </li>
          ))}
        </ul>
      )}
      {warning !== '' && <p class="muted">Its sender would be told: {warning}</p>}
      <Diff parts={parts} />
      {leftOut > 0 && (
        <p class="muted">
          {countOf(leftOut, 'more character is', 'more characters are')} not shown; the copy has all.
        </p>
      )}
    </div>
  );
}

function headOf({ after, before, changes }: TryResponse): string {
  if (after === '' && before !== '') return 'Nothing would be kept';
  if (after === before) return changes.length === 0 ? 'It would be kept as it is' : 'It would look the same';
  return 'This would be kept';
}

function Diff({ parts }: { parts: readonly DiffPart[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <pre class="try-diff" data-testid="try-diff" tabIndex={0}>
      {parts.map(({ kind, text }, index) => {
        if (kind === 'same') return text;
        const Tag = kind === 'removed' ? 'del' : 'ins';
        return <Tag key={index}>{text}</Tag>;
      })}
    </pre>
  );
}
