import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertBalanced, readAccounting } from '../support/accounting.ts';
import { createLedger } from '../support/load-sender.ts';
import { assertAllDelivered, createCrashBench } from './crash-program.ts';
import { checkDurability } from './durability.ts';
import { whyNoStrace } from './strace.ts';
import { describeAnswers, startTraced } from './traced-load.ts';

const REQUESTS = 300;

/** Only segments are written with `pwritev`, and DuckDB syncs with `fsync`: the faults hit the journal. */
const FAULTS = [
  { what: 'every third write of the journal fails with EIO', inject: 'pwritev:error=EIO:when=3+3' },
  { what: 'every third fdatasync fails with EIO', inject: 'fdatasync:error=EIO:when=3+3' },
  {
    what: 'every write of the journal fails with ENOSPC for a while',
    inject: 'pwritev:error=ENOSPC:when=4..9',
  },
];

for (const { what, inject } of FAULTS) {
  test(`${what}: nothing is believed that did not reach the disk, and what was acknowledged is there`, {
    skip: whyNoStrace(),
  }, async (context) => {
    const bench = await createCrashBench(context);
    const traced = await startTraced(bench, [inject]);
    const ledger = createLedger();
    await traced.send({ ledger, requests: REQUESTS });
    assertBalanced(await readAccounting(traced.signalbox));
    const check = await traced.finish();
    const report = checkDurability(check);
    const failed = check.calls.filter(({ result, target }) => result === -1 && check.isRecordFile(target));
    context.diagnostic(`${failed.length} calls failed; answers ${JSON.stringify(ledger.answers)}`);
    assert.notEqual(failed.length, 0, 'the fault never hit');
    assert.deepEqual(report.violations.slice(0, 5), []);
    assert.ok(ledger.acked.length > 0, describeAnswers(ledger));
    assert.deepEqual(
      Object.keys(ledger.answers).filter((answer) => !['200', '503'].includes(answer)),
      [],
    );
    assert.ok(
      ledger.refusals.every(({ retryAfter }) => Number(retryAfter) > 0),
      describeAnswers(ledger),
    );
    await assertAllDelivered(bench, ledger);
  });
}
