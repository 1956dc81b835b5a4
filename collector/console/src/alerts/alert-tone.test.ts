import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertTone } from './alert-tone.ts';

test('severities by their usual names, whatever their case; what is not known warns', () => {
  for (const severity of ['critical', 'Error', 'PAGE', 'sev-1', 'p1'])
    assert.equal(alertTone(severity), 'bad');
  for (const severity of ['info', 'None', 'debug']) assert.equal(alertTone(severity), 'calm');
  for (const severity of ['warning', 'p2', '', 'criticality']) assert.equal(alertTone(severity), 'warning');
});
