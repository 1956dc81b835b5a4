import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClassicBoard } from '#grafana/classic.ts';
import { APPEAR_LATER, MAY_BE_EMPTY } from '#grafana/may-be-empty.ts';
import { readSources } from '#grafana/provisioned.ts';
import { metricNamesIn } from '#grafana/queries/metric-names.ts';
import { startDemo } from '../../../scripts/demo.ts';
import { askBoard, type BoardAnswer, type Choice } from '../support/boards/ask-board.ts';
import { askLabelValues } from '../support/boards/ask-engine.ts';
import { findLineOfTrace, followFromSpan } from '../support/boards/follow-links.ts';
import { TEST_MACHINE_TOKEN } from '../support/engine-stack/engine-root.ts';
import { startEngines } from '../support/engine-stack/start-engine.ts';
import { startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';

const DASHBOARDS = join(import.meta.dirname, '../../../grafana/dashboards');
const RANGE_SECONDS = 15 * 60;
const ATTEMPT_EVERY_MS = 5_000;
const GIVE_UP_MS = { all: 180_000, 'every value': 20_000 };
/** Tempo 1.5, which runs unless another is named, takes no TraceQL and answers whatever is asked. */
const TEMPO_HAS_TRACEQL = (process.env.SIGNALBOX_TEST_TEMPO ?? '') !== '';
const URLS = {
  prometheus: 'http://127.0.0.1:9090',
  loki: 'http://127.0.0.1:3100',
  tempo: 'http://127.0.0.1:3200',
};

type Told = BoardAnswer & { board: string };

const boards = await readBoards();
const cleanUps: (() => Promise<unknown>)[] = [];

async function readBoards(): Promise<ClassicBoard[]> {
  const files = (await readdir(DASHBOARDS)).filter((name) => name.endsWith('.json'));
  return Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(DASHBOARDS, name), 'utf8')) as ClassicBoard),
  );
}

const now = () => Math.floor(Date.now() / 1000);
const timeShown = () => ({ from: now() - RANGE_SECONDS, to: now() });

async function askAll(choice: Choice): Promise<Told[]> {
  const answers: Told[] = [];
  for (const board of boards) {
    const told = await askBoard(board, { urls: URLS, time: timeShown(), choice });
    answers.push(...told.map((answer) => ({ board: board.uid ?? '', ...answer })));
  }
  return answers;
}

/** Marks for what happens now and then are asked like the rest, but need not find anything. */
function mustFind({ kind, language }: BoardAnswer): boolean {
  return kind !== 'annotation' && (language !== 'traceql' || TEMPO_HAS_TRACEQL);
}

function isExcused({ board, refId, where }: Told): boolean {
  return MAY_BE_EMPTY.some(
    (entry) => entry.board === board && entry.where === where && entry.refId === refId,
  );
}

/** Asks until nothing is missing that must be there, or time is up; resolves with the last answers. */
async function askUntilFull(choice: Choice): Promise<Told[]> {
  const deadline = Date.now() + GIVE_UP_MS[choice];
  for (;;) {
    const answers = await askAll(choice);
    if (answers.every((answer) => isFull(answer)) || Date.now() > deadline) return answers;
    await sleep(ATTEMPT_EVERY_MS);
  }
}

function isFull(answer: Told): boolean {
  return !mustFind(answer) || isExcused(answer) || (answer.found ?? 0) > 0;
}

function describeAnswer({ board, refId, refused, text, where }: Told): string {
  return `${board}, ${where}, query ${refId}: ${refused ?? 'nothing came back'}\n    ${text}`;
}

describe('boards, asked of the real engines while the demo runs', () => {
  before(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-boards-'));
    cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
    await startEngines({ scope: { after: (end) => void cleanUps.push(end) } });
    const signalbox = await startSignalbox({
      dataDir,
      env: {
        SIGNALBOX_CONSOLE_PORT: '8080',
        SIGNALBOX_CONSOLE_ALLOWED_HOSTS: 'collector',
        SIGNALBOX_MACHINE_TOKEN: TEST_MACHINE_TOKEN,
        SIGNALBOX_EXPORTER_PROMETHEUS_ENDPOINT: `${URLS.prometheus}/api/v1/otlp`,
        SIGNALBOX_EXPORTER_LOKI_ENDPOINT: `${URLS.loki}/otlp`,
        SIGNALBOX_EXPORTER_TEMPO_ENDPOINT: 'http://127.0.0.1:4318',
        SIGNALBOX_ENGINES_PROMETHEUS_URL: URLS.prometheus,
        SIGNALBOX_ENGINES_LOKI_URL: URLS.loki,
        SIGNALBOX_ENGINES_TEMPO_URL: URLS.tempo,
      },
    });
    cleanUps.push(() => signalbox.stop());
    const demo = await startDemo({ endpoint: signalbox.otlpHttpUrl, portBase: 0, rate: 4, seed: 5 });
    cleanUps.push(() => demo.stop());
  });

  after(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });

  for (const choice of ['all', 'every value'] as const) {
    it(`no panel and no variable is empty, with ${choice} chosen in the variables`, async (t) => {
      const answers = await askUntilFull(choice);

      assert.ok(answers.length > 60, `only ${answers.length} queries were found on the boards`);
      const refused = answers.filter(({ found }) => found === null);
      assert.deepEqual(refused.map(describeAnswer), [], 'the engines refuse these');
      const empty = answers.filter((answer) => !isFull(answer));
      assert.deepEqual(empty.map(describeAnswer), [], 'these show nothing');
      t.diagnostic(`${answers.length} queries of ${boards.length} boards, ${MAY_BE_EMPTY.length} excused`);
    });
  }

  it('what the demo breaks is more than zero on the home board', async () => {
    const failing = ['Requests that fail', 'Errors in logs', 'Error ratio'];
    const answers = await askAll('all');
    const seen = answers.filter(({ greatest, where }) => failing.includes(where) && greatest > 0);
    assert.deepEqual(seen.map(({ where }) => where).sort(), failing.toSorted());
  });

  it('every excuse for an empty query is still needed, and there are few', async () => {
    const answers = await askAll('all');
    const stale = MAY_BE_EMPTY.filter((entry) =>
      answers.every(
        (answer) => !isExcused(answer) || answer.where !== entry.where || (answer.found ?? 0) > 0,
      ),
    );
    assert.deepEqual(stale, [], 'these queries give data or are gone: take them off the list');
    assert.ok(MAY_BE_EMPTY.length * 20 <= answers.length, 'more than one query in twenty is excused');
  });

  async function missingOf(asked: ReadonlySet<string>): Promise<string[]> {
    const present = new Set(
      await askLabelValues(URLS.prometheus, { label: '__name__', selector: '{job!=""}' }, timeShown()),
    );
    const isThere = (name: string) =>
      present.has(name) || present.has(name.replace(/_bucket$/, '')) || present.has(`${name}_bucket`);
    return [...asked].filter((name) => !isThere(name) && !(name in APPEAR_LATER));
  }

  it('every metric that the boards ask for is there, under that very name', async () => {
    const answers = await askAll('all');
    const asked = new Set(
      answers.flatMap(({ language, text }) => (language === 'promql' ? metricNamesIn(text) : [])),
    );
    // The first alert comes with the first evaluation after the first failed scrape.
    const missing = await missingOf(asked);
    for (let tries = 0; missing.length > 0 && tries < 20; tries++) {
      await sleep(2_000);
      missing.splice(0, missing.length, ...(await missingOf(asked)));
    }
    assert.deepEqual(missing, [], 'no engine has these');
    const unasked = Object.keys(APPEAR_LATER).filter((name) => !asked.has(name));
    assert.deepEqual(unasked, [], 'no board asks for these: take them off the list');
  });

  it('the links between logs, traces and metrics lead somewhere', async () => {
    const [loki, tempo] = ['loki', 'tempo'].map((uid) => readSources().find((source) => source.uid === uid));
    const where = { urls: URLS, time: timeShown() };

    const line = await findLineOfTrace(loki!, 'shop', where);
    assert.ok(line, 'no line has the label that leads to its trace');
    await until(`trace ${line.traceId}, which a line names, in Tempo`, async () => {
      const { status } = await fetch(`${URLS.tempo}/api/traces/${line.traceId}`);
      return status === 200 ? true : undefined;
    });
    const found = await followFromSpan(tempo!, line, where);
    assert.deepEqual(
      Object.entries(found).filter(([, amount]) => amount === 0),
      [],
      'these links of a span lead to nothing',
    );
  });
});
