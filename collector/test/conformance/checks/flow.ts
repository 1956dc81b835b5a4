import { Agent } from 'node:http';
import { METHODS, openGrpc } from '../grpc-client.ts';
import { call } from '../http-client.ts';
import { encodeRequest, newId, newName, ONE, spanOf, tracesOf } from '../payloads.ts';
import { RULES } from '../rules.ts';
import { send } from '../send.ts';
import type { Bench, Check } from '../suite.ts';
import { must } from '../verdict.ts';

const AT_ONCE = 100;
const SOCKETS = 10;

async function overHttp({ target }: Bench, name: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  const url = `${target.httpUrl}/v1/traces`;
  const sent = Array.from({ length: AT_ONCE }, () =>
    call(url, { agent, body: encodeRequest('traces', ONE.traces(name)) }),
  );
  const answers = await Promise.all(sent);
  const { reusedSocket } = await call(url, { agent });
  agent.destroy();
  const refused = answers.find(({ status }) => status !== 200);
  must(refused === undefined, `of ${AT_ONCE} requests at once one is answered ${refused?.status}`);
  must(reusedSocket, 'closes the connection after each request');
}

async function overGrpc({ target }: Bench, name: string): Promise<void> {
  const client = openGrpc(target.grpcAddress);
  const sent = Array.from({ length: AT_ONCE }, () =>
    client.call(METHODS.traces, encodeRequest('traces', ONE.traces(name))),
  );
  const answers = await Promise.all(sent);
  client.close();
  const refused = answers.find(({ code }) => code !== 'OK');
  must(refused === undefined, `of ${AT_ONCE} calls on one connection one is ${refused?.code}`);
}

const concurrent: Check[] = RULES[23]!.doors.map((door) => ({
  rule: 24,
  door,
  title: `${AT_ONCE} requests at once are taken, on connections that are kept`,
  async run(bench) {
    const name = newName('at once');
    await (door === 'http' ? overHttp(bench, name) : overGrpc(bench, name));
    const items = await bench.target.recorder.untilItems('traces', name, AT_ONCE);
    must(items !== undefined, `of ${AT_ONCE} requests at once some are lost`);
  },
}));

const twice: Check[] = RULES[24]!.doors.map((door) => ({
  rule: 25,
  door,
  title: 'the same bytes again are taken again',
  async run({ target }) {
    const name = newName('twice');
    const bytes = encodeRequest('traces', ONE.traces(name));
    for (const time of ['once', 'twice']) {
      const { isTaken, said } = await send(target, door, { signal: 'traces', bytes });
      must(isTaken, `the same request ${time}: ${said}`);
    }
    must((await target.recorder.untilItems('traces', name)) !== undefined, 'the same request twice: lost');
  },
}));

const destinations: Check = {
  rule: 26,
  door: 'http',
  title: 'what one destination does not take arrives at the other, and there later',
  isSlow: true,
  async run({ startAlone }) {
    const { target, recorder } = await startAlone();
    const [name, traceId] = [newName('two'), newId(16)];
    let isDown = true;
    recorder.react = () => (isDown ? 'reset' : 'take');
    const bytes = encodeRequest('traces', tracesOf(spanOf(name, { traceId })));
    const { isTaken, said } = await send(target, 'http', { signal: 'traces', bytes });
    must(isTaken, `while a destination is down: ${said}`);
    const isThere = await waitFor(() => target.isElsewhere(traceId.toString('hex')));
    must(isThere, 'one destination down holds up the other');
    isDown = false;
    must(
      (await recorder.untilItems('traces', name)) !== undefined,
      'a destination that was down gets nothing later',
    );
  },
};

async function waitFor(probe: () => Promise<boolean>): Promise<boolean> {
  const deadlineMs = performance.now() + 10_000;
  while (performance.now() < deadlineMs) {
    if (await probe()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** Rules 24 to 26: many requests, and many destinations. */
export const flowChecks: readonly Check[] = [...concurrent, ...twice, destinations];
