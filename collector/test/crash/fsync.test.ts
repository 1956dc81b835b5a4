import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLedger } from '../support/load-sender.ts';
import { createCrashBench } from './crash-program.ts';
import { checkDurability } from './durability.ts';
import { whyNoStrace } from './strace.ts';
import { describeAnswers, startTraced } from './traced-load.ts';

const REQUESTS = 600;

test('every 200 follows the fdatasync of its record, and many share one', {
  skip: whyNoStrace(),
}, async (context) => {
  const traced = await startTraced(await createCrashBench(context));
  const ledger = createLedger();
  await traced.send({ ledger, requests: REQUESTS });
  const report = checkDurability(await traced.finish());
  context.diagnostic(`${report.responses} answers with 200 shared ${report.syncs} syncs`);
  assert.equal(ledger.answers['200'], REQUESTS, describeAnswers(ledger));
  assert.deepEqual(report.violations.slice(0, 5), []);
  assert.equal(report.responses, REQUESTS);
  assert.ok(report.syncs < report.responses, `${report.syncs} syncs for ${report.responses} answers`);
});
