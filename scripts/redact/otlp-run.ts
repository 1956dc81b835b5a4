import { SIGNALS, type Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { protobufToJson } from '#otlp/protobuf-to-json.ts';
import { diffRequests } from './diff.ts';
import { type Input, readLines, readWhole } from './read-input.ts';
import type { Teller } from './tell.ts';
import type { Trial, Tried } from './trial.ts';

export interface OtlpRunDeps {
  trial: Trial;
  /** Of protobuf, when it was said. */
  signal: Signal | undefined;
  tell: Teller;
}

const HEAD_BYTES = 4096;
const REQUEST_KEY = /"resource(Spans|Metrics|Logs)"\s*:/;
const SIGNAL_OF: Record<string, Signal> = { Spans: 'traces', Metrics: 'metrics', Logs: 'logs' };

function signalOfJson(json: Buffer): Signal | null {
  const found =
    REQUEST_KEY.exec(json.subarray(0, HEAD_BYTES).toString()) ?? REQUEST_KEY.exec(json.toString());
  return found === null ? null : SIGNAL_OF[found[1]!]!;
}

/** The one signal as whose request the bytes make sense. */
function signalOfProtobuf(bytes: Uint8Array): Signal | null {
  const fitting = SIGNALS.filter((signal) => {
    const checked = checkRequest(signal, bytes);
    return checked.ok && checked.items > 0 && checked.rejected === 0;
  });
  return fitting.length === 1 ? fitting[0]! : null;
}

function parsed(signal: Signal, bytes: Uint8Array): unknown {
  const json = protobufToJson(signal, bytes);
  if (json === null) throw new Error('a request is too large to be compared');
  return JSON.parse(json);
}

/** Tells what became of one request; `line` is 0 when the file is but one. */
function tellTried(
  tried: Tried & { ok: true },
  signal: Signal,
  where: { file: string; line: number; tell: Teller },
) {
  const { file, line, tell } = where;
  if (tried.warning !== '') tell.warning({ file, line, text: tried.warning });
  if (tried.before === tried.after) return;
  diffRequests(parsed(signal, tried.before), parsed(signal, tried.after), (difference) =>
    tell.difference({ file, line, ...difference }),
  );
}

function tryJson(json: Buffer, where: { file: string; line: number }, { tell, trial }: OtlpRunDeps): void {
  const signal = signalOfJson(json);
  if (signal === null)
    throw new Error('not OTLP/JSON: there is no resourceSpans, resourceMetrics or resourceLogs');
  const tried = trial.json(signal, json);
  if (!tried.ok) throw new Error(`not OTLP/JSON: ${tried.message}`);
  tellTried(tried, signal, { ...where, tell });
}

async function tryProtobuf(input: Input, deps: OtlpRunDeps): Promise<string> {
  const bytes = await readWhole(input);
  const signal = deps.signal ?? signalOfProtobuf(bytes);
  if (signal === null) throw new Error('it cannot be told what OTLP protobuf this is; say --signal');
  const tried = deps.trial.protobuf(signal, bytes);
  if (!tried.ok) throw new Error(`not OTLP ${signal} in protobuf: ${tried.message}`);
  tellTried(tried, signal, { file: input.name, line: 0, tell: deps.tell });
  return `OTLP protobuf, ${signal}`;
}

async function tryLines(input: Input, deps: OtlpRunDeps): Promise<string> {
  let line = 0;
  let requests = 0;
  let bytesDone = 0;
  for await (const json of readLines(input)) {
    line++;
    bytesDone += json.length + 1;
    deps.tell.progress(input, bytesDone);
    if (json.toString('latin1', 0, HEAD_BYTES).trim() === '') continue;
    try {
      tryJson(json, { file: input.name, line }, deps);
      requests++;
    } catch (error) {
      deps.tell.failure({ file: input.name, line, text: (error as Error).message });
    }
  }
  return `OTLP/JSON, ${requests} ${requests === 1 ? 'request' : 'requests'}`;
}

/** Tries the requests in a file that is not text. Answers in words what it was. */
export async function tryOtlp(input: Input, deps: OtlpRunDeps): Promise<string> {
  if (input.kind === 'protobuf') return tryProtobuf(input, deps);
  if (input.kind === 'json_lines') return tryLines(input, deps);
  tryJson(await readWhole(input), { file: input.name, line: 0 }, deps);
  return 'OTLP/JSON, 1 request';
}
