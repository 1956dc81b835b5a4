import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadKeys } from '../redact/corpus/load-corpus.ts';
import { classOfKey, KEY } from './key-class.ts';

/** Of each kind: the class that is right, and in percent how many must get it; what was reached, rounded down. */
const KINDS: Readonly<Record<string, { right: (keyClass: number) => boolean; least: number }>> = {
  credential: { right: (keyClass) => keyClass === KEY.credential, least: 100 },
  personal: { right: (keyClass) => keyClass === KEY.personal, least: 100 },
  user_id: { right: (keyClass) => keyClass === KEY.userId, least: 92 },
  // Addresses stay unless they are asked for, and content has rules of its own.
  plain: {
    right: (keyClass) => keyClass === KEY.plain || keyClass === KEY.ip || keyClass >= KEY.content,
    least: 100,
  },
};

test('keys of the corpus are told apart', (context) => {
  const keys = loadKeys();
  for (const [kind, { least, right }] of Object.entries(KINDS)) {
    const ofKind = keys.filter((key) => key.kind === kind);
    const wrong = ofKind.filter(({ key }) => !right(classOfKey(key))).map(({ key }) => key);
    const percent = (100 * (ofKind.length - wrong.length)) / ofKind.length;
    context.diagnostic(
      `${kind}: ${ofKind.length - wrong.length} of ${ofKind.length}; not ${wrong.join(', ')}`,
    );
    assert.ok(percent >= least, `${kind}: ${percent.toFixed(1)} %, not ${wrong.join(', ')}`);
  }
});
