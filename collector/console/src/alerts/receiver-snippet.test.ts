import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { receiverSnippet } from './receiver-snippet.ts';

test('the receiver is valid YAML, tells ends as well and stays within what a notification may hold', () => {
  const { receivers } = parse(receiverSnippet('http://signalbox.example:8080'));
  assert.deepEqual(receivers, [
    {
      name: 'signalbox',
      webhook_configs: [
        {
          url: 'http://signalbox.example:8080/api/v1/alerts/webhook',
          send_resolved: true,
          max_alerts: 100,
          http_config: { authorization: { credentials_file: '/path/to/machine-token' } },
        },
      ],
    },
  ]);
});
