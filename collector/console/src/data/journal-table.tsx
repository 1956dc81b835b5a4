import type { JournalAccounting } from '#api/schemas/accounting.ts';
import { formatBytes, formatCount, formatRatio, formatShort } from '../format/number.ts';
import { formatDateTime } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { countItems } from './account-state.ts';
import { spanText } from './ages.ts';
import { journalUse } from './journal-use.ts';

interface JournalTableProps {
  journals: readonly JournalAccounting[];
  at: string;
}

/** What lies on disk until every destination has it, and how near it is to its limits. */
export function JournalTable({ journals, at }: JournalTableProps) {
  return (
    <div class="data-section">
      <h2 class="section-title" id="journal-title">
        Journal
      </h2>
      <table class="table data-table journal-table" aria-labelledby="journal-title">
        <thead>
          <tr>
            <th scope="col">Signal</th>
            <th scope="col">Writing</th>
            <th scope="col" class="numeric">
              Accepted
            </th>
            <th scope="col" class="numeric">
              Segments
            </th>
            <th scope="col">On disk</th>
            <th scope="col">Oldest</th>
          </tr>
        </thead>
        <tbody>
          {journals.map((journal) => (
            <JournalRow key={journal.signal} journal={journal} at={at} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function JournalRow({ journal, at }: { journal: JournalAccounting; at: string }) {
  const { accepted, failure, segments, signal } = journal;
  return (
    <tr data-testid="journal-row" data-signal={signal} data-failing={failure !== null}>
      <td class="strong">{signal}</td>
      <td class={failure === null ? 'muted' : 'is-bad journal-failure'}>
        <span aria-hidden="true">{failure === null ? '✓ ' : '▲ '}</span>
        {failure ?? 'works'}
      </td>
      <td class="numeric" data-label="Accepted" title={countItems(accepted, [journal])}>
        {formatShort(accepted)}
      </td>
      <td class="numeric" data-label="Segments">
        {formatCount(segments)}
      </td>
      <Size journal={journal} at={at} />
      <Age journal={journal} at={at} />
    </tr>
  );
}

function Size({ journal, at }: { journal: JournalAccounting; at: string }) {
  const { bytes, maxBytes } = journal;
  const { bytesShare } = journalUse(journal, at);
  return (
    <td
      data-label="On disk"
      title={`${formatCount(bytes)} of ${formatCount(maxBytes)} bytes, ${formatRatio(bytesShare)}`}
    >
      <Bar share={bytesShare} />
      {formatBytes(bytes)} <span class="muted">of {formatBytes(maxBytes)}</span>
    </td>
  );
}

function Age({ journal, at }: { journal: JournalAccounting; at: string }) {
  const { zone } = useConsole();
  const { ageMs, ageShare } = journalUse(journal, at);
  const title =
    journal.oldestAt === null
      ? 'Nothing is kept'
      : `Received ${formatDateTime(Date.parse(journal.oldestAt), zone.value)}`;
  return (
    <td data-label="Oldest" title={title}>
      <Bar share={ageShare ?? 0} />
      {ageMs === null ? '–' : spanText(ageMs)}{' '}
      <span class="muted">of {spanText(journal.maxAgeSeconds * 1000)}</span>
    </td>
  );
}

/** The same share stands beside it in words. */
function Bar({ share }: { share: number }) {
  return (
    <span class="bar" aria-hidden="true">
      <span style={{ width: `${share * 100}%` }} />
    </span>
  );
}
