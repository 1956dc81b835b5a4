import type { KeysResponse } from '#api/schemas/keys.ts';
import { countOf, formatCount } from '../format/number.ts';
import { Icon } from '../widgets/icon.tsx';
import { refusedTexts } from './key-text.ts';

/** Whether a key is needed at all, what came without one, and whether receivers know the keys as they are. */
export function KeysVerdict({ report }: { report: KeysResponse }) {
  const { failure, isRequired, keys, keysTotal, withoutKey } = report;
  const refused = refusedTexts(withoutKey.today.refused);
  return (
    <>
      {failure !== null && (
        <p class="problem" role="alert">
          <Icon name="error" />
          <span>
            Receivers cannot read the keys and go by those they knew: {failure}. Until that is mended, new
            keys are refused and revoked ones still hold.
          </span>
        </p>
      )}
      <p class="verdict" data-testid="keys-verdict" data-required={isRequired}>
        <Icon name="keys" />
        <span>
          <span class="strong">
            {isRequired ? 'A key is required.' : 'Senders without a key are let in as well.'}
          </span>{' '}
          <span class="muted">
            {!isRequired && 'Set keys.required to lock them out. '}
            Today without a good key: {countOf(withoutKey.today.items, 'item')} taken
            {refused.length === 0 ? ', nothing refused' : `, requests refused: ${refused.join(', ')}`}.
            {keysTotal > keys.length &&
              ` The ${formatCount(keys.length)} newest of ${formatCount(keysTotal)} keys are shown; the API has all of them.`}
          </span>
        </span>
      </p>
    </>
  );
}
