import { answerChecks } from './checks/answers.ts';
import { dataChecks } from './checks/data.ts';
import { exporterChecks } from './checks/exporter.ts';
import { flowChecks } from './checks/flow.ts';
import { guardedChecks } from './checks/guarded.ts';
import { jsonChecks } from './checks/json.ts';
import { limitChecks } from './checks/limits.ts';
import { refusalChecks } from './checks/refusals.ts';
import { startRecorder } from './recorder.ts';
import { type Door, RULES } from './rules.ts';
import type { Bench, Check } from './suite.ts';
import type { Program, Target } from './target.ts';
import { judge, type Verdict } from './verdict.ts';

export const CHECKS: readonly Check[] = [
  ...limitChecks,
  ...answerChecks,
  ...refusalChecks,
  ...guardedChecks,
  ...jsonChecks,
  ...dataChecks,
  ...flowChecks,
  ...exporterChecks,
];

/** What one program was seen to do with each check, and with each rule at each door where it applies. */
export interface Observed {
  of(check: Check): Verdict;
  rule(number: number, door: Door): Verdict;
}

/** Runs all checks against one program. Throws when one of them could not be carried out. */
export async function observe(program: Program): Promise<Observed> {
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const bench = await startBench(program, stops);
    const verdicts = await runAll(bench);
    return {
      of: (check) => verdicts.get(check)!,
      rule: (number, door) =>
        worst(
          CHECKS.filter((each) => each.rule === number && each.door === door),
          verdicts,
        ),
    };
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function startBench(program: Program, stops: (() => Promise<unknown>)[]): Promise<Bench> {
  const keep = <T extends Target>(target: T): T => {
    stops.push(() => target.stop());
    return target;
  };
  const record = async () => {
    const recorder = await startRecorder();
    stops.push(() => recorder.close());
    return recorder;
  };
  return {
    program,
    target: keep(await program.start({ recorder: await record(), limits: 'small' })),
    plain: keep(await program.start({ recorder: await record(), limits: 'default' })),
    overloaded: keep(await program.startOverloaded(await record())),
    guarded: keep(await program.startGuarded(await record())),
    async startAlone() {
      const recorder = await record();
      const target = keep(await program.start({ recorder, limits: 'default' }));
      return { target, recorder };
    },
  };
}

/** The slow ones beside the others, which run one after another. */
async function runAll(bench: Bench): Promise<Map<Check, Verdict>> {
  const verdicts = new Map<Check, Verdict>();
  const run = async (check: Check) => {
    const verdict = await judge(() => check.run(bench)).catch((error: unknown) => {
      const where = `${bench.program.name}, rule ${check.rule}, ${check.door}, ${check.title}`;
      throw new Error(`${where}: could not be carried out`, { cause: error });
    });
    verdicts.set(check, verdict);
  };
  const slow = CHECKS.filter(({ isSlow }) => isSlow).map(run);
  const quick = (async () => {
    for (const check of CHECKS) if (!check.isSlow) await run(check);
  })();
  const done = await Promise.allSettled([quick, ...slow]);
  for (const each of done) if (each.status === 'rejected') throw each.reason;
  return verdicts;
}

/** Of several checks of a rule the worst counts, with all that was seen of that kind. */
function worst(checks: readonly Check[], verdicts: ReadonlyMap<Check, Verdict>): Verdict {
  const all = checks.map((check) => verdicts.get(check)!);
  for (const kind of ['broken', 'partly'] as const) {
    const seen = all.flatMap((each) => (each.kind === kind ? [each.observed] : []));
    if (seen.length > 0) return { kind, observed: [...new Set(seen)].join('; ') };
  }
  return { kind: 'kept' };
}

/** Rule and door of everything that the table tells. */
export const CELLS: readonly { number: number; door: Door }[] = RULES.flatMap(({ number, doors }) =>
  doors.map((door) => ({ number, door })),
);
