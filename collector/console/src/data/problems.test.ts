import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, journal, report } from './account.fixture.ts';
import type { Problem } from './problem.ts';
import { findProblems } from './problems.ts';
import { replayCommand } from './replay-command.ts';

const FIVE_MINUTES_AGO = '2026-01-31T09:55:00.000Z';
const REFUSED = account({
  waiting: 3,
  state: 'retrying',
  lastError: 'connection refused',
  oldestWaitingAt: FIVE_MINUTES_AGO,
  nextAttemptAt: '2026-01-31T10:00:12.000Z',
});

const kinds = (problems: readonly Problem[]) => problems.map(({ kind }) => kind);
const only = (problems: readonly Problem[]) => {
  assert.equal(problems.length, 1);
  return problems[0]!;
};

test('nothing is wrong when all is delivered, or only just came', () => {
  assert.deepEqual(findProblems(report([])), []);
  assert.deepEqual(
    findProblems(report([account(), account({ waiting: 9, oldestWaitingAt: '2026-01-31T09:59:58.000Z' })])),
    [],
  );
});

test('a destination that fails is told once, with since when, why, when again and how long it is kept', () => {
  const logs = { ...REFUSED, signal: 'logs' as const, waiting: 4, nextAttemptAt: '2026-01-31T10:00:05.000Z' };
  const problem = only(findProblems(report([REFUSED, logs])));
  assert.equal(problem.kind, 'failing');
  assert.equal(problem.tone, 'bad');
  assert.equal(problem.title, 'otlp is behind: 7 items wait');
  assert.equal(problem.why, 'connection refused');
  assert.equal(problem.sinceAt, FIVE_MINUTES_AGO);
  assert.equal(problem.nextAttemptAt, '2026-01-31T10:00:05.000Z');
  assert.equal(problem.keptUntilAt, '2026-02-02T09:55:00.000Z');
  assert.equal(problem.journalShare, 0.25);
  assert.match(problem.todo, /See that otlp is up/);
});

test('reasons that differ are told with their signal', () => {
  const logs = { ...REFUSED, signal: 'logs' as const, lastError: 'answered 429' };
  assert.equal(
    only(findProblems(report([REFUSED, logs]))).why,
    'traces: connection refused; logs: answered 429',
  );
  assert.equal(
    only(findProblems(report([{ ...REFUSED, lastError: null }]))).why,
    'The last attempt failed, without a reason.',
  );
});

test('while items at fault are looked for, there is nothing to do', () => {
  assert.match(
    only(findProblems(report([{ ...REFUSED, state: 'splitting' }]))).todo,
    /^Nothing to do, unless it stays so/,
  );
});

test('a destination that fails with nothing waiting is told with the dead letters it does not take', () => {
  const replaying = account({ state: 'retrying', lastError: 'answered 400', deadLettered: 2 });
  const problems = findProblems(report([replaying]));
  assert.deepEqual(kinds(problems), ['failing', 'dead-lettered']);
  assert.equal(problems[0]?.title, 'otlp fails while dead letters are sent to it again');
  assert.deepEqual([problems[0]?.sinceAt, problems[0]?.keptUntilAt], [undefined, undefined]);
});

test('what waits long without a failure is a warning', () => {
  const problem = only(
    findProblems(report([account({ waiting: 1, oldestWaitingAt: FIVE_MINUTES_AGO, state: 'sending' })])),
  );
  assert.deepEqual([problem.kind, problem.tone], ['slow', 'warning']);
  assert.equal(problem.title, 'otlp does not keep up: 1 span waits');
});

test('how long it is kept is not told when the journal is not known', () => {
  const problem = only(findProblems(report([REFUSED], [])));
  assert.equal(problem.keptUntilAt, undefined);
  assert.equal(problem.journalShare, undefined);
});

test('dead letters come with the command that sends them again', () => {
  const problem = only(findProblems(report([account({ deadLettered: 2 })])));
  assert.deepEqual([problem.kind, problem.tone], ['dead-lettered', 'lost']);
  assert.equal(problem.title, 'otlp refused 2 spans for good');
  assert.equal(problem.command, 'npm run replay -- --destination otlp');
});

test('a name that a shell would take apart is quoted', () => {
  assert.equal(replayCommand('my otlp'), "npm run replay -- --destination 'my otlp'");
  assert.equal(replayCommand("o'tlp"), String.raw`npm run replay -- --destination 'o'\''tlp'`);
});

test('engines run in containers, and so does what sends to them again', () => {
  assert.equal(
    replayCommand('loki'),
    'docker compose exec collector node scripts/replay.ts --destination loki',
  );
});

test('each way of losing is told by itself, summed over the signals of a destination', () => {
  const problems = findProblems(
    report([
      account({ expired: 2, damaged: 3 }),
      account({ signal: 'logs', expired: 5 }),
      account({ destination: 'store', refused: 1 }),
    ]),
  );
  assert.deepEqual(
    problems.map(({ kind, title }) => [kind, title]),
    [
      ['expired', 'otlp lost 7 items: too old or too many to be kept'],
      ['damaged', 'otlp lost 3 spans: damaged on disk'],
      ['refused', 'store left out 1 span'],
    ],
  );
});

test('a sum that does not hold says by how much and that it is not the reader', () => {
  const less = only(findProblems(report([account({ balanced: false, delivered: 98 })])));
  assert.equal(less.why, '2 spans of those accepted are nowhere.');
  assert.match(less.todo, /mistake of Signalbox/);
  const more = only(findProblems(report([account({ balanced: false, delivered: 101 })])));
  assert.equal(more.why, '1 span more than were accepted.');
});

test('a journal that cannot be written stands before everything else, and losses come last', () => {
  const destinations = [
    account({ expired: 1 }),
    { ...REFUSED, signal: 'logs' as const },
    account({ destination: 'store', balanced: false, delivered: 1 }),
  ];
  const problems = findProblems(report(destinations, [journal({ failure: 'no space left on device' })]));
  assert.deepEqual(kinds(problems), ['journal', 'unbalanced', 'failing', 'expired']);
  assert.equal(problems[0]?.why, 'no space left on device');
});

test('a signal that no destination takes is told as soon as some of it was accepted', () => {
  const journals = [
    journal(),
    journal({ signal: 'logs', accepted: 5 }),
    journal({ signal: 'metrics', accepted: 0 }),
  ];
  const problem = only(findProblems(report([account()], journals)));
  assert.deepEqual([problem.kind, problem.subject], ['no-destination', 'logs']);
  assert.equal(problem.title, '5 log records accepted, and no destination for logs');
});
