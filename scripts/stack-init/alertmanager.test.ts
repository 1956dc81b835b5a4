import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { renderAlertmanager } from './alertmanager.ts';

const own = readFileSync(join(import.meta.dirname, '../../alertmanager/alertmanager.yml'), 'utf8');
const mail = {
  to: 'ops@example.com',
  smarthost: 'smtp.example.com:587',
  from: 'signalbox@example.com',
  username: 'ops',
  password: 'correct horse',
  requireTls: true,
};

test('without mail the configuration is written as it is', () => {
  assert.equal(renderAlertmanager(own, null), own);
});

test('mail goes to the receiver of alerts beside its webhook, and nothing else changes', () => {
  const before = parse(own);
  const after = parse(renderAlertmanager(own, mail));
  assert.deepEqual(after.global, {
    ...before.global,
    smtp_smarthost: 'smtp.example.com:587',
    smtp_from: 'signalbox@example.com',
    smtp_require_tls: true,
    smtp_auth_username: 'ops',
    smtp_auth_password_file: '/etc/alertmanager/smtp-password',
  });
  assert.deepEqual(
    after.receivers,
    before.receivers.map((receiver: { name: string }) =>
      receiver.name === 'signalbox'
        ? { ...receiver, email_configs: [{ to: 'ops@example.com', send_resolved: true }] }
        : receiver,
    ),
  );
  assert.ok(after.receivers.some((receiver: { email_configs?: unknown }) => receiver.email_configs));
  assert.deepEqual({ ...after, global: 0, receivers: 0 }, { ...before, global: 0, receivers: 0 });
});

test('the password is in no configuration, and comments stay', () => {
  const rendered = renderAlertmanager(own, mail);
  assert.ok(!rendered.includes('correct horse'));
  assert.equal(rendered.split('\n')[0], own.split('\n')[0]);
});

test('a server without a login gets no user', () => {
  const { global } = parse(renderAlertmanager(own, { ...mail, username: '', password: '' }));
  assert.deepEqual(
    Object.keys(global).filter((key) => key.startsWith('smtp_auth')),
    [],
  );
});

test('what is taken for YAML from an address stays text', () => {
  const rendered = parse(renderAlertmanager(own, { ...mail, to: '"# {}: *" <a@b>' }));
  const receiver = rendered.receivers.find(({ name }: { name: string }) => name === 'signalbox');
  assert.equal(receiver.email_configs[0].to, '"# {}: *" <a@b>');
});

test('a file that cannot take mail is refused with the reason', () => {
  assert.throws(() => renderAlertmanager('receivers: [{name: other}]', mail), /no receiver signalbox/);
  assert.throws(() => renderAlertmanager('receivers: [', mail), /alertmanager\.yml cannot be read/);
});
