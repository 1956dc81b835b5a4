import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRoleOf } from '../roles.ts';
import { nameIn, textsIn } from './claims.ts';

test('a claim is found by its name, then by the way inside, and may be one text or a list', () => {
  const claims = {
    groups: ['a', 7, 'b'],
    'https://x.example/roles': 'c',
    realm_access: { roles: ['d'] },
    n: null,
  };
  assert.deepEqual(textsIn(claims, 'groups'), ['a', 'b']);
  assert.deepEqual(textsIn(claims, 'https://x.example/roles'), ['c']);
  assert.deepEqual(textsIn(claims, 'realm_access.roles'), ['d']);
  for (const path of ['none', 'n.a', 'groups.length', '__proto__', 'constructor.name']) {
    assert.deepEqual(textsIn(claims, path), [], path);
  }
});

test('the name is the claim that was chosen, else mail, else the subject, and one line of text', () => {
  assert.equal(nameIn({ preferred_username: 'ann', email: 'a@b.c', sub: '1' }, 'preferred_username'), 'ann');
  assert.equal(
    nameIn({ preferred_username: 'a\nb', email: 'a@b.c', sub: '1' }, 'preferred_username'),
    'a@b.c',
  );
  assert.equal(nameIn({ preferred_username: 7, sub: '1' }, 'preferred_username'), '1');
  assert.equal(nameIn({}, 'preferred_username'), null);
});

test('of several values the one with the highest role counts, whatever their order', () => {
  const roleOf = createRoleOf(['dev=viewer', 'cn=ops,dc=x=operator', 'sre = admin'], '');
  assert.equal(roleOf(['sre', 'dev']), 'admin');
  assert.equal(roleOf(['dev', 'cn=ops,dc=x']), 'operator');
  assert.equal(roleOf(['devs', '', 'SRE']), null);
  assert.equal(createRoleOf([], 'viewer')(['devs']), 'viewer');
});
