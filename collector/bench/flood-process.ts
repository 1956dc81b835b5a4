// A sender that does not listen: as many requests as asked for in a second, whatever is answered. Arguments: port, key,
// spans a request, connections. Over the IPC channel it is told how many requests a second, and asked for its answers by
// status.
import { Agent, request } from 'node:http';
import { systemClock } from '#core/clock.ts';
import { sampleTraceRequests } from './sample-requests.ts';

const [port = 0, spans = 0, connections = 0] = [0, 2, 3].map((at) => Number(process.argv[2 + at]));
const key = process.argv[3] ?? '';
const bodies = sampleTraceRequests({ requests: 16, spans, startUnixNano: systemClock() });
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const answers: Record<number, number> = {};
let sent = 0;
let perSecond = 0;

function post(body: Uint8Array): void {
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-length': body.length,
    'x-api-key': key,
  };
  const outgoing = request({ agent, host: '127.0.0.1', port, method: 'POST', path: '/v1/traces', headers });
  outgoing.on('error', () => {
    answers[0] = (answers[0] ?? 0) + 1;
  });
  outgoing.on('response', (response) => {
    const status = response.statusCode ?? 0;
    answers[status] = (answers[status] ?? 0) + 1;
    response.resume();
  });
  outgoing.end(body);
}

const TICK_MS = 10;
const MOST_WAITING = 2_000;
let owed = 0;
setInterval(() => {
  owed += (perSecond * TICK_MS) / 1000;
  for (; owed >= 1; owed--) {
    const answered = Object.values(answers).reduce((sum, count) => sum + count, 0);
    if (sent - answered > MOST_WAITING) continue;
    post(bodies[sent++ % bodies.length]!);
  }
}, TICK_MS);

process.on('message', (message) => {
  if (message === 'count') process.send!({ answers });
  else perSecond = Number(message);
});
process.once('disconnect', () => process.exit());
process.send!('ready');
