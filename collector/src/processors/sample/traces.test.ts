import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSelect } from './select.ts';
import { apply, configOf, names, seeded, span, states, traces } from './testing/requests.ts';

/** The last 14 digits of a trace id are its randomness. */
const LOW = '0a00000000000000';
const HALF = '0a80000000000000';
const HIGH = '0af0000000000000';

function selectOf(section: object, clock = { ms: 0 }) {
  return createSelect(configOf(section), { random: () => 0, monotonicMs: () => clock.ms });
}

test('a trace is kept when its randomness reaches the threshold, which is then written', () => {
  const select = selectOf({ traces: { ratio: 0.5 } });
  const { left, selection } = apply(
    select,
    'traces',
    traces({ a: [LOW, '7fffffffffffff', HALF, HIGH].map((trace) => span({ trace, name: trace })) }),
  );
  assert.deepEqual(names(left), [HALF, HIGH]);
  assert.deepEqual(states(left), ['ot=th:8', 'ot=th:8']);
  assert.deepEqual(selection.dropped, [{ reason: 'sample', rule: 'ratio', service: 'a', items: 2 }]);
});

test('randomness in the tracestate counts before that of the trace id', () => {
  const select = selectOf({ traces: { ratio: 0.5 } });
  const request = traces({
    a: [
      span({ trace: HIGH, name: 'low', state: 'ot=rv:7fffffffffffff' }),
      span({ trace: LOW, name: 'high', state: 'x=y,ot=rv:80000000000000' }),
      span({ trace: HIGH, name: 'at fault', state: 'ot=rv:7' }),
    ],
  });
  const { left } = apply(select, 'traces', request);
  assert.deepEqual(names(left), ['high', 'at fault']);
  assert.deepEqual(states(left), ['ot=th:8;rv:80000000000000,x=y', 'ot=th:8']);
});

test('spans that were sampled more before are left alone, those that were less are equalized', () => {
  const select = selectOf({ traces: { ratio: 0.5 } });
  const request = traces({
    a: [
      span({ trace: HIGH, name: 'same', state: 'x=y,ot=th:8' }),
      span({ trace: HIGH, name: 'more', state: 'ot=th:c' }),
      span({ trace: HIGH, name: 'less', state: 'ot=th:4' }),
      span({ trace: HIGH, name: 'all', state: 'ot=th:0' }),
      span({ trace: '50000000000000', name: 'gone', state: 'ot=th:4' }),
    ],
  });
  const { left } = apply(select, 'traces', request);
  assert.deepEqual(names(left), ['same', 'more', 'less', 'all']);
  assert.deepEqual(states(left), ['x=y,ot=th:8', 'ot=th:c', 'ot=th:8', 'ot=th:8']);
});

test('services have ratios of their own; the first that matches counts', () => {
  const services = [
    { service: 'noisy*', ratio: 0 },
    { service: ['noisy-too', 'b'], ratio: 1 },
  ];
  const select = selectOf({ traces: { ratio: 0.5, services } });
  const request = traces({
    'noisy-too': [span({ trace: HIGH, name: 'noisy' })],
    b: [span({ trace: LOW, name: 'b' })],
    c: [span({ trace: LOW, name: 'c' })],
  });
  const { left, selection } = apply(select, 'traces', request);
  assert.deepEqual(names(left), ['b']);
  assert.deepEqual(states(left), ['']);
  assert.deepEqual(
    selection.dropped.map(({ rule }) => rule),
    ['services[0]', 'ratio'],
  );
});

test('errors, slow spans and spans of language models keep their trace, with weight 1', () => {
  const kinds: [name: string, sketch: Parameters<typeof span>[0]][] = [
    ['error', { status: 2 }],
    ['slow', { ms: 1000 }],
    ...[
      'gen_ai.system',
      'llm.vendor',
      'ai.operationId',
      'traceloop.span.kind',
      'openinference.span.kind',
    ].map((key): [string, Parameters<typeof span>[0]] => [key, { attributes: { [key]: 'x' } }]),
  ];
  for (const [name, sketch] of kinds) {
    const select = selectOf({ traces: { ratio: 0 } });
    const request = traces({
      a: [span({ name: 'before', id: '1' }), span({ ...sketch, name, id: '2' })],
      b: [span({ name: 'other service' }), span({ trace: '2', name: 'other trace' })],
    });
    const { left, selection } = apply(select, 'traces', request);
    assert.deepEqual(names(left), ['before', name, 'other service'], name);
    assert.deepEqual(states(left), ['', '', '']);
    assert.equal(selection.edits.length, 1);
  }
});

test('what is nearly special is not', () => {
  const select = selectOf({ traces: { ratio: 0 } });
  const spans = [
    span({ status: 1 }),
    span({ ms: 999.999999 }),
    ...['ai', 'ai.', 'gen_ai', 'openinference.span.kinds', 'mai.x'].map((key) =>
      span({ attributes: { [key]: 'x' } }),
    ),
    { ...span({ ms: 5000 }), startTimeUnixNano: '0' },
    { ...span({ ms: 5000 }), endTimeUnixNano: '0' },
  ];
  assert.equal(apply(select, 'traces', traces({ a: spans })).selection.kept, 0);
});

test('each of the three can be switched off', () => {
  const off = { ratio: 0, keep_errors: false, keep_slow_ms: 0, keep_llm: false };
  const spans = [span({ status: 2 }), span({ ms: 9e6 }), span({ attributes: { 'gen_ai.system': 'x' } })];
  assert.equal(apply(selectOf({ traces: off }), 'traces', traces({ a: spans })).selection.kept, 0);
});

test('a trace to be kept is remembered for later requests, and forgotten in time', () => {
  const clock = { ms: 0 };
  const select = selectOf({ traces: { ratio: 0, remember_seconds: 60 } }, clock);
  const part = (name: string) => traces({ a: [span({ name })] });
  const kept = (name: string) => apply(select, 'traces', part(name)).selection.kept;
  assert.equal(kept('before the error'), 0);
  assert.equal(apply(select, 'traces', traces({ a: [span({ status: 2 })] })).selection.kept, 1);
  clock.ms = 59_999;
  assert.equal(kept('after it'), 1);
  clock.ms += 59_999;
  assert.equal(kept('and after that'), 1);
  clock.ms += 60_000;
  assert.equal(kept('too late'), 0);
});

test('at most as many traces as configured are remembered, the latest', () => {
  const select = selectOf({ traces: { ratio: 0, remember_traces: 2 } });
  for (const trace of ['1', '2', '1', '3'])
    apply(select, 'traces', traces({ a: [span({ trace, status: 2 })] }));
  const request = traces({ a: ['1', '2', '3'].map((trace) => span({ trace, name: trace })) });
  assert.deepEqual(names(apply(select, 'traces', request).left), ['1', '3']);
});

test('with nothing remembered a trace is kept within its request all the same', () => {
  const select = selectOf({ traces: { ratio: 0, remember_traces: 0 } });
  const request = traces({ a: [span({ name: 'a' }), span({ name: 'b', status: 2 })] });
  assert.equal(apply(select, 'traces', request).selection.kept, 2);
});

test('a span dropped by a rule does not keep its trace', () => {
  const select = selectOf({
    traces: { ratio: 0 },
    drop: [{ name: 'ignored', span_name: 'ignored' }],
  });
  const request = traces({ a: [span({ name: 'rest' }), span({ name: 'ignored', status: 2 })] });
  assert.equal(apply(select, 'traces', request).selection.kept, 0);
});

test('the spans of a kept trace are weighted by the span for which it is kept', () => {
  const select = selectOf({ traces: { ratio: 0.5 } });
  const error = (trace: string, state: string) => span({ name: 'error', trace, state, status: 2 });
  const rest = (trace: string, state?: string) =>
    span({ name: 'rest', trace, ...(state === undefined ? {} : { state }) });
  const after = (...spans: ReturnType<typeof span>[]) =>
    states(apply(select, 'traces', traces({ a: spans })).left);
  const quarter = '40000000000000';
  assert.deepEqual(after(error(quarter, 'ot=th:4'), rest(quarter)), ['ot=th:4', 'ot=th:4']);
  assert.deepEqual(after(error(HIGH, 'ot=th:c'), rest(HIGH)), ['ot=th:c', 'ot=th:8']);
  const fifth = '50000000000000';
  assert.deepEqual(after(error(fifth, ''), rest(fifth, 'ot=th:4')), ['', 'ot=th:4']);
  // Of a threshold that its span cannot have passed nothing is known.
  assert.deepEqual(after(error('4', 'ot=th:c'), rest('4')), ['', '']);
  assert.deepEqual(after(error('5', 'ot=th:c;x:y,a=b'), rest('5', 'ot=th:f')), ['ot=x:y,a=b', '']);
});

test('a threshold above the randomness keeps nothing and is not passed on', () => {
  const select = selectOf({ traces: { ratio: 0.5 } });
  const of = (trace: string, state: string) => span({ trace, state });
  const highest = 'ot=th:ffffffffffffff';
  const { left } = apply(
    select,
    'traces',
    traces({
      a: [
        of(LOW, highest),
        of('7fffffffffffff', 'ot=th:8'),
        of(HIGH, 'ot=th:c;rv:70000000000000'),
        of(HIGH, highest),
        of(HIGH, `${highest};rv:90000000000000`),
        of(HIGH, 'ot=th:f'),
      ],
    }),
  );
  assert.deepEqual(states(left), ['ot=th:8', 'ot=th:8;rv:90000000000000', 'ot=th:f']);
});

test('a sender with a false threshold gets no more kept than others', () => {
  const random = seeded(9);
  const select = selectOf({ traces: { ratio: 0.01 } });
  const digits = () =>
    Math.floor(random() * 2 ** 28)
      .toString(16)
      .padStart(7, '0');
  const ids = Array.from({ length: 2000 }, () => digits() + digits());
  const kept = (state: string) =>
    apply(select, 'traces', traces({ a: ids.map((trace) => span({ trace, state })) }));
  const honest = kept('');
  assert.ok(honest.selection.kept > 5 && honest.selection.kept < 50);
  const lying = kept('ot=th:ffffffffffffff');
  assert.deepEqual(states(lying.left), states(honest.left));
});
