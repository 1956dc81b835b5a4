import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelName } from './label-name.ts';

const CASES: [key: string, label: string | null][] = [
  ['http.route', 'http_route'],
  ['http_route', 'http_route'],
  ['a/b~c.d', 'a_b_c_d'],
  ['a..__b', 'a_b'],
  ['1st', 'key_1st'],
  ['größe', 'gr_e'],
  ['.x', '_x'],
  ['__name__', '__name__'],
  ['', null],
  ['...', null],
  ['日本', null],
];
for (const [key, label] of CASES) {
  test(`the attribute ${JSON.stringify(key)} is the label ${label}`, () =>
    assert.equal(labelName(key), label));
}
