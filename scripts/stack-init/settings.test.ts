import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from './settings.ts';

const mailEnvironment = {
  STACK_ALERT_EMAIL_TO: 'ops@example.com, Night Shift <night@example.com>',
  STACK_SMTP_SMARTHOST: 'smtp.example.com:587',
  STACK_SMTP_USERNAME: 'ops@example.com',
};

test('with nothing set everything is on this machine, and no mail is sent', () => {
  assert.deepEqual(readSettings({ STACK_PUBLIC_HOST: '', STACK_ALERT_EMAIL_TO: ' ' }, ''), {
    local: {
      console: 'http://127.0.0.1:8080',
      grafana: 'http://127.0.0.1:3000',
      otlp: 'http://127.0.0.1:4318',
    },
    public: null,
    isOpen: false,
    mail: null,
  });
});

test('addresses follow the ports and names that are set', () => {
  const settings = readSettings(
    {
      STACK_BIND_ADDRESS: '192.0.2.7',
      STACK_CONSOLE_PORT: '18080',
      STACK_OTLP_HTTP_PORT: '14318',
      STACK_PUBLIC_HOST: 'monitoring.example.com',
    },
    '',
  );
  assert.equal(settings.local.console, 'http://192.0.2.7:18080');
  assert.equal(settings.local.otlp, 'http://192.0.2.7:14318');
  assert.equal(settings.isOpen, true);
  assert.deepEqual(settings.public, {
    console: 'https://monitoring.example.com',
    grafana: 'https://grafana.monitoring.example.com',
    otlp: 'https://monitoring.example.com',
  });
  assert.equal(
    readSettings({ STACK_PUBLIC_HOST: 'a.example', STACK_GRAFANA_HOST: 'b.example' }, '').public?.grafana,
    'https://b.example',
  );
});

test('an address that stands for all of them is shown as localhost, IPv6 in brackets', () => {
  const consoleAt = (address: string) => readSettings({ STACK_BIND_ADDRESS: address }, '').local.console;
  assert.equal(consoleAt('0.0.0.0'), 'http://localhost:8080');
  assert.equal(consoleAt('[::]'), 'http://localhost:8080');
  assert.equal(consoleAt('[::1]'), 'http://[::1]:8080');
  assert.equal(readSettings({ STACK_BIND_ADDRESS: '0.0.0.0' }, '').isOpen, true);
  assert.equal(readSettings({ STACK_BIND_ADDRESS: '[::1]' }, '').isOpen, false);
});

test('mail is sent with TLS and a sender of its own, unless told otherwise', () => {
  assert.deepEqual(readSettings(mailEnvironment, 'secret').mail, {
    to: 'ops@example.com, Night Shift <night@example.com>',
    smarthost: 'smtp.example.com:587',
    from: 'signalbox@localhost',
    username: 'ops@example.com',
    password: 'secret',
    requireTls: true,
  });
  const changed = { ...mailEnvironment, STACK_SMTP_REQUIRE_TLS: 'false', STACK_SMTP_FROM: 'a@example.com' };
  assert.partialDeepStrictEqual(readSettings(changed, 'secret').mail, {
    from: 'a@example.com',
    requireTls: false,
  });
});

test('Mailpit is asked for no TLS', () => {
  const environment = { STACK_ALERT_EMAIL_TO: 'me@example.com', STACK_SMTP_SMARTHOST: 'mailpit:1025' };
  assert.equal(readSettings(environment, '').mail?.requireTls, false);
});

test('every mistake is told at once, with the variable to change', () => {
  const wrong = {
    STACK_ALERT_EMAIL_TO: 'ops',
    STACK_SMTP_FROM: 'nobody',
    STACK_SMTP_REQUIRE_TLS: 'yes',
    STACK_SMTP_USERNAME: 'ops',
  };
  assert.throws(
    () => readSettings(wrong, ''),
    ({ message }: Error) => {
      for (const name of [...Object.keys(wrong), 'STACK_SMTP_SMARTHOST', 'STACK_SMTP_PASSWORD_FILE']) {
        assert.ok(message.includes(name), `${name} in ${message}`);
      }
      return true;
    },
  );
  assert.throws(
    () => readSettings({ ...mailEnvironment, STACK_SMTP_USERNAME: '' }, 'secret'),
    /STACK_SMTP_USERNAME is not set/,
  );
  assert.throws(
    () => readSettings({ ...mailEnvironment, STACK_SMTP_SMARTHOST: 'smtp.example.com' }, 'secret'),
    /HOST:PORT/,
  );
});
