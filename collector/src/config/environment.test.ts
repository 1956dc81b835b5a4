import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from './environment.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    token: { type: 'string' },
    store: {
      type: 'object',
      properties: { max_age_days: { type: 'number' }, is_on: { type: 'boolean' }, hosts: { type: 'array' } },
    },
  },
};

const FILES: Record<string, string> = { '/run/secrets/token': 'from-the-file\n', '/run/age': '7\n' };

function read(environment: Record<string, string | undefined>) {
  return readEnvironment(SCHEMA, environment, (path) => {
    if (FILES[path] === undefined) throw new Error(`ENOENT: ${path}`);
    return FILES[path];
  });
}

test('the name of a variable is the path of its key, and the schema says how its text is read', () => {
  const { mistakes, settings } = read({
    SIGNALBOX_STORE_MAX_AGE_DAYS: '1.5',
    SIGNALBOX_STORE_IS_ON: 'false',
    SIGNALBOX_STORE_HOSTS: 'a.example, b.example ,',
    SIGNALBOX_TOKEN: '42',
    PATH: '/bin',
  });
  assert.deepEqual(mistakes, []);
  assert.deepEqual(
    settings.map(({ path, value }) => [path.join('.'), value]),
    [
      ['store.max_age_days', 1.5],
      ['store.is_on', false],
      ['store.hosts', ['a.example', 'b.example']],
      ['token', '42'],
    ],
  );
});

test('NAME_FILE reads the value from a file, without the line break at its end', () => {
  const { settings } = read({
    SIGNALBOX_TOKEN_FILE: '/run/secrets/token',
    SIGNALBOX_STORE_MAX_AGE_DAYS_FILE: '/run/age',
  });
  assert.deepEqual(
    settings.map(({ value, variable }) => [variable, value]),
    [
      ['SIGNALBOX_TOKEN_FILE', 'from-the-file'],
      ['SIGNALBOX_STORE_MAX_AGE_DAYS_FILE', 7],
    ],
  );
});

test('a file that cannot be read is a mistake of its variable', () => {
  const { mistakes } = read({ SIGNALBOX_TOKEN_FILE: '/nowhere' });
  assert.deepEqual(mistakes, [
    { path: 'SIGNALBOX_TOKEN_FILE', message: 'cannot read the file it names: ENOENT: /nowhere' },
  ]);
});

test('a value and a file for the same key are a mistake, as neither goes first', () => {
  const { mistakes, settings } = read({ SIGNALBOX_TOKEN: 'a', SIGNALBOX_TOKEN_FILE: '/run/secrets/token' });
  assert.deepEqual(mistakes, [
    { path: 'SIGNALBOX_TOKEN_FILE', message: 'SIGNALBOX_TOKEN is set too; set only one of them' },
  ]);
  assert.equal(settings.length, 1);
});

test('a variable with our prefix that is no setting is a mistake; SIGNALBOX_CONFIG is known', () => {
  const { mistakes } = read({ SIGNALBOX_TOKN: 'x', SIGNALBOX_CONFIG: 'other.yaml', SIGNALBOX_STORE: '{}' });
  assert.deepEqual(
    mistakes.map(({ path }) => path),
    ['SIGNALBOX_TOKN', 'SIGNALBOX_STORE'],
  );
});

test('an empty variable is the same as none', () => {
  assert.deepEqual(read({ SIGNALBOX_TOKEN: '', SIGNALBOX_STORE_MAX_AGE_DAYS: undefined }), {
    settings: [],
    mistakes: [],
  });
});

test('text that is neither number nor truth value is a mistake and not guessed at', () => {
  const { mistakes } = read({ SIGNALBOX_STORE_MAX_AGE_DAYS: '7 days', SIGNALBOX_STORE_IS_ON: 'yes' });
  assert.deepEqual(mistakes, [
    { path: 'SIGNALBOX_STORE_MAX_AGE_DAYS', message: 'must be a number, got "7 days"' },
    { path: 'SIGNALBOX_STORE_IS_ON', message: 'must be true or false, got "yes"' },
  ]);
});
