import assert from 'node:assert/strict';

/** Sends one log record over OTLP/JSON, stamped now, and fails unless it is accepted whole. */
export async function sendLog(
  otlpHttpUrl: string,
  log: { service: string; body: string; severityNumber?: number },
): Promise<void> {
  const record = {
    timeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
    severityNumber: log.severityNumber ?? 9,
    body: { stringValue: log.body },
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: log.service } }] };
  const response = await fetch(`${otlpHttpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.deepEqual(JSON.parse(text), {});
}
