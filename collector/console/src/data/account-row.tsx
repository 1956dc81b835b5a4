import type { DestinationAccounting } from '#api/schemas/accounting.ts';
import { formatCount, formatShort } from '../format/number.ts';
import { formatDateTime } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { countItems, missingItems, stateOf, sumText, type Tone } from './account-state.ts';
import { ageMs, spanText } from './ages.ts';
import { CommandLine } from './command-line.tsx';
import { replayCommand } from './replay-command.ts';

interface RowProps {
  account: DestinationAccounting;
  at: string;
}

const COLUMNS = 11;

/** One destination's account of one signal; below it how to send again what it refused for good. */
export function AccountRow({ account, at }: RowProps) {
  const { location } = useConsole();
  const { balanced, deadLettered, destination, signal } = account;
  const { tone, word } = stateOf(account, at);
  return (
    <>
      <tr
        data-testid="account-row"
        data-destination={destination}
        data-signal={signal}
        data-state={word}
        data-balanced={balanced}
      >
        <td class="strong">{destination}</td>
        <td>
          <a data-row-link href={location.to(`/${signal}`)} title={`Look at ${signal}`}>
            {signal}
          </a>
        </td>
        <td class={TONE_CLASS[tone]} title={account.lastError ?? undefined}>
          {tone !== 'plain' && <Mark />}
          {word}
        </td>
        <Amount name="Accepted" count={account.accepted} account={account} />
        <Amount name="Delivered" count={account.delivered} account={account} />
        <Waiting account={account} at={at} />
        <Amount name="Expired" count={account.expired} account={account} bad />
        <Amount name="Refused" count={account.refused} account={account} bad />
        <Amount name="Dead letters" count={deadLettered} account={account} bad />
        <Amount name="Damaged" count={account.damaged} account={account} bad />
        <Sum account={account} />
      </tr>
      {deadLettered > 0 && (
        <tr class="row-note">
          <td colSpan={COLUMNS}>
            <div>
              <span class="muted">Send the dead letters again:</span>{' '}
              <CommandLine command={replayCommand(destination)} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

const TONE_CLASS: Readonly<Record<Tone, string>> = { plain: 'muted', warning: 'is-warning', bad: 'is-bad' };

/** The second cue beside the colour. */
function Mark() {
  return <span aria-hidden="true">▲ </span>;
}

interface AmountProps {
  name: string;
  count: number;
  account: DestinationAccounting;
  bad?: boolean;
}

function Amount({ name, count, account, bad }: AmountProps) {
  const isBad = bad === true && count > 0;
  const tone = isBad ? 'is-bad' : count === 0 ? 'muted' : '';
  return (
    <td class={`numeric ${tone}`} data-label={name} title={countItems(count, [account])}>
      {isBad && <Mark />}
      {formatShort(count)}
    </td>
  );
}

function Waiting({ account, at }: RowProps) {
  const { zone } = useConsole();
  const { oldestWaitingAt, waiting } = account;
  const since =
    oldestWaitingAt === null
      ? ''
      : `, the oldest since ${formatDateTime(Date.parse(oldestWaitingAt), zone.value)}`;
  return (
    <td
      class={`numeric ${waiting === 0 ? 'muted' : ''}`}
      data-label="Waiting"
      title={`${countItems(waiting, [account])}${since}`}
    >
      {formatShort(waiting)}
      {waiting > 0 && oldestWaitingAt !== null && (
        <span class="oldest">for {spanText(ageMs(at, oldestWaitingAt))}</span>
      )}
    </td>
  );
}

function Sum({ account }: { account: DestinationAccounting }) {
  const { balanced } = account;
  const missing = missingItems(account);
  return (
    <td class={`numeric ${balanced ? 'muted' : 'is-bad'}`} data-label="Sum" title={sumText(account)}>
      <span aria-hidden="true">{balanced ? '✓ ' : '▲ '}</span>
      {balanced ? 'holds' : `${formatCount(Math.abs(missing))} ${missing > 0 ? 'missing' : 'too many'}`}
    </td>
  );
}
