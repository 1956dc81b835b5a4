import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findDocMistakes, findPortMistakes, type SettingNode } from './doc-mistakes.ts';

const settings: SettingNode = {
  properties: {
    data_dir: { default: './data' },
    otlp_http: { properties: { port: { default: 4318 }, cors: { properties: { max_age_seconds: {} } } } },
  },
};
const files = new Set(['README.md', 'docs/a.md', 'collector/src/app.ts']);
const facts = {
  exists: (path: string) => files.has(path),
  rootNames: new Set(['docs', 'collector']),
  settings,
};

function messages(path: string, text: string): string[] {
  return findDocMistakes(path, text, facts).map(({ line, message }) => `${line}: ${message}`);
}

test('a link is read from where the document is, and addresses of the web are left alone', () => {
  assert.deepEqual(messages('README.md', '[a](docs/a.md#top) [b](https://x.y/z) [c](#here)'), []);
  assert.deepEqual(messages('docs/a.md', 'x\n[a](docs/a.md)'), ['2: the link leads nowhere: docs/a.md']);
});

test('a path in code marks must exist when it starts with a folder of ours', () => {
  assert.deepEqual(
    messages('README.md', '`collector/src/app.ts` `and/or` `/v1/traces` `collector/console/dist`'),
    [],
  );
  assert.deepEqual(messages('README.md', '`./collector/src/old.ts`'), [
    '1: no such path: ./collector/src/old.ts',
  ]);
});

test('settings must exist as a dotted key, as a variable and in yaml', () => {
  const right = '`otlp_http.port` `SIGNALBOX_OTLP_HTTP_PORT=1` `SIGNALBOX_DATA_DIR_FILE` `service.name`';
  assert.deepEqual(messages('README.md', right), []);
  assert.deepEqual(messages('README.md', '`otlp_http.prot`'), ['1: no such setting: otlp_http.prot']);
  assert.deepEqual(messages('README.md', '`SIGNALBOX_PORT`'), ['1: no such setting: SIGNALBOX_PORT']);
  const yaml = ['```yaml', 'otlp_http:', '  cors:', '    max_age: 1', '```'].join('\n');
  assert.deepEqual(messages('README.md', yaml), ['1: no such setting: otlp_http.cors.max_age']);
  assert.deepEqual(messages('README.md', '```yaml\nservices:\n  app: 1\n```'), []);
});

test('the ports in tables and the default ports are the same', () => {
  assert.deepEqual(findPortMistakes('| 4318 | apps |', settings), []);
  assert.deepEqual(
    findPortMistakes('| port |\n| `4319` | apps |', settings).map(({ message }) => message),
    ['port 4319 is no default of the configuration', 'the default port 4318 is in no table'],
  );
});
