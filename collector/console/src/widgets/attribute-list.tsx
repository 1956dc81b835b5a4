import { attributeRows } from '../format/value.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';

interface AttributeListProps {
  title: string;
  attributes: Readonly<Record<string, unknown>>;
  dropped?: number;
  /** Address of what has this value; without it values can only be copied. */
  filterHref?: (key: string, value: string) => string;
}

/** Attributes with every digit that was sent. A click on a value filters by it. */
export function AttributeList({ title, attributes, dropped = 0, filterHref }: AttributeListProps) {
  const rows = attributeRows(attributes);
  if (rows.length === 0 && dropped === 0) return null;
  return (
    <section class="attributes">
      <h3>
        {title} <span class="count">{rows.length}</span>
      </h3>
      <dl>
        {rows.map((row) => (
          <div key={row.key} class="attribute">
            <dt title={row.key}>{row.key}</dt>
            <dd class={`value-${row.kind}`}>
              {filterHref !== undefined && row.filterable ? (
                <a href={filterHref(row.key, row.text)} title={`Filter by ${row.key} = ${row.text}`}>
                  {row.text === '' ? '(empty)' : row.text}
                  <Icon name="filter" />
                </a>
              ) : (
                <span>{row.kind === 'empty' ? '(no value)' : row.text}</span>
              )}
              <CopyButton text={row.text} label={`Copy ${row.key}`} />
            </dd>
          </div>
        ))}
      </dl>
      {dropped > 0 && <p class="muted">{dropped} more were dropped by the sender.</p>}
    </section>
  );
}
