import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markerOf } from '../support/load-payload.ts';
import { checkDurability } from './durability.ts';
import { parseStrace } from './strace.ts';

const SEGMENT = '/data/journal/logs/0001.seg';
const SOCKET = 'TCP:[127.0.0.1:4318->127.0.0.1:40001]';
const marker = markerOf(1);

const MAKE = `7 1.000001 openat(AT_FDCWD</app>, "${SEGMENT}", O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 9<${SEGMENT}>`;
const NAME = '7 1.000002 fsync(10</data/journal/logs>) = 0';
const WRITE = `7 1.000003 pwritev(9<${SEGMENT}>, [{iov_base="SBR1\\0\\1(x) = 5", iov_len=72}, {iov_base="..${marker}..", iov_len=60}], 2, 64) = 132`;
const SYNC = `8 1.000004 fdatasync(9<${SEGMENT}>) = 0`;
const ANSWER = `5 1.000005 writev(30<${SOCKET}>, [{iov_base="HTTP/1.1 200 OK\\r\\n\\r\\n", iov_len=90}, {iov_base="", iov_len=0}], 2) = 90`;

/** What the check says of a trace with one request on one connection. */
function check(...lines: string[]) {
  return checkDurability({
    calls: parseStrace(lines.join('\n')),
    isRecordFile: (path) => path.endsWith('.seg'),
    port: 4318,
    markers: new Map([[40001, [marker]]]),
  });
}

function violation(...lines: string[]): string {
  const { violations } = check(...lines);
  assert.equal(violations.length, 1, violations.join('\n'));
  return violations[0]!;
}

test('a record written, synced and then answered is durable', () => {
  assert.deepEqual(check(MAKE, NAME, WRITE, SYNC, ANSWER), { responses: 1, syncs: 1, violations: [] });
});

test('an answer before its sync is caught', () => {
  assert.match(violation(MAKE, NAME, WRITE, ANSWER, SYNC), /no sync of/);
  assert.match(violation(MAKE, NAME, WRITE, ANSWER), /no sync of/);
});

test('an answer while its sync is under way is caught', () => {
  const begun = SYNC.replace(') = 0', ' <unfinished ...>');
  const resumed = '8 1.000006 <... fdatasync resumed>) = 0';
  assert.match(violation(MAKE, NAME, WRITE, begun, ANSWER, resumed), /no sync of/);
  assert.deepEqual(check(MAKE, NAME, WRITE, begun, resumed, ANSWER).violations, []);
});

test('a sync that began before its write had ended is no sync of it', () => {
  const [begun, resumed] = [
    WRITE.replace(/, 2, 64\) = 132$/, ' <unfinished ...>'),
    '7 1.000007 <... pwritev resumed>, 2, 64) = 132',
  ];
  assert.match(violation(MAKE, NAME, begun, SYNC, resumed, ANSWER), /no sync of/);
  assert.deepEqual(check(MAKE, NAME, begun, resumed, SYNC, ANSWER).violations, []);
});

test('after a sync that failed, a later one is not believed', () => {
  const failed = SYNC.replace('= 0', '= -1 EIO (Input/output error)');
  assert.match(violation(MAKE, NAME, WRITE, failed, ANSWER), /no sync of/);
  assert.match(violation(MAKE, NAME, WRITE, failed, SYNC, ANSWER), /no sync of/);
});

test('a sync of another file, or one that injection made up, is none', () => {
  assert.match(violation(MAKE, NAME, WRITE, SYNC.replaceAll('0001', '0002'), ANSWER), /no sync of/);
  assert.match(
    violation(MAKE, NAME, WRITE, SYNC.replace('= 0', '= -1 EIO (Input/output error) (INJECTED)'), ANSWER),
    /no sync of/,
  );
});

test('an answer without a record is caught', () => {
  assert.match(violation(MAKE, NAME, WRITE.replace(marker, markerOf(2)), SYNC, ANSWER), /not written/);
  assert.match(
    violation(MAKE, NAME, WRITE.replace('= 132', '= -1 ENOSPC (No space left)'), SYNC, ANSWER),
    /not written/,
  );
});

test('a file of the same name that was made anew is another: what failed was the old one', () => {
  const failed = SYNC.replace('= 0', '= -1 EIO (Input/output error)');
  const again = [MAKE, NAME, WRITE, SYNC, ANSWER];
  assert.deepEqual(check(MAKE, NAME, WRITE, failed, ...again).violations, []);
  assert.match(violation(MAKE, NAME, WRITE, failed, MAKE, NAME, SYNC, ANSWER), /no sync of|not written/);
  const renamed = `7 1.000001 rename("${SEGMENT}.new", "${SEGMENT}") = 0`;
  assert.deepEqual(check(renamed, NAME, WRITE, failed, renamed, NAME, WRITE, SYNC, ANSWER).violations, []);
  assert.match(violation(NAME, renamed, WRITE, SYNC, ANSWER), /folder of .* was not synced/);
});

test('a new file whose folder was not synced may be without a name', () => {
  assert.match(violation(MAKE, WRITE, SYNC, ANSWER), /folder of .* was not synced/);
  assert.match(violation(NAME, MAKE, WRITE, SYNC, ANSWER), /folder of .* was not synced/);
});

test('refusals need no record, other sockets are not looked at, and answers are told apart by their order', () => {
  const refusal = ANSWER.replace('200 OK', '503 Service Unavailable');
  assert.deepEqual(check(refusal), { responses: 0, syncs: 0, violations: [] });
  assert.deepEqual(check(ANSWER.replace(':4318', ':8080')), { responses: 0, syncs: 0, violations: [] });
  assert.match(violation(MAKE, NAME, WRITE, SYNC, refusal, ANSWER), /its request/);
});
