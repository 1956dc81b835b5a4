import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '#config/load.ts';
import { type Answer, askUntil, type Question } from './smoke/ask.ts';
import { collectorQuestions } from './smoke/collector-questions.ts';
import { type EngineUrls, engineQuestions } from './smoke/engine-questions.ts';
import { createSmoke, SERVICE, type Smoke, telemetryOf } from './smoke/telemetry.ts';

const HELP = `Sends one span, one log record and two metrics, and asks everybody who should have them.

  docker compose exec collector node scripts/smoke.ts    in the stack: the collector and every engine
  npm run smoke                                          Signalbox alone: the collector

  --otlp URL      where to send (default: the collector of this machine)
  --console URL   the collector's console and API (default: the same)
  --grafana URL   Grafana (default in the stack: http://grafana:3000)
  --wait SECONDS  how long to wait for each answer (default 60)
  --help          show this

Addresses of engines and the operators' token come from the configuration, as Signalbox itself reads it.
Ends with 0 when everything was found, else with 1.
`;

export interface SmokeOptions extends EngineUrls {
  otlpUrl: string;
  consoleUrl: string;
  operatorToken: string;
  waitMs: number;
}

/** Sends, asks all at the same time, and says what came of it line by line. Answers whether everything was found. */
export async function runSmoke(options: SmokeOptions, say: (line: string) => void): Promise<boolean> {
  const smoke = createSmoke(Date.now());
  say(`Sending to ${options.otlpUrl} as service ${SERVICE}: trace ${smoke.traceId}, smoke.id ${smoke.id}`);
  const sent = await Promise.all(
    sendQuestions(smoke, options).map((question) => askUntil(question, options.waitMs)),
  );
  for (const answer of sent) say(lineOf(answer));
  if (!sent.every(({ ok }) => ok)) return conclude(sent, say);
  const hearsAlerts = options.alertmanager !== '';
  const questions = [
    ...engineQuestions(smoke, options),
    ...collectorQuestions(smoke, { ...options, hearsAlerts }),
  ];
  const found = await Promise.all(
    questions.map(async (question) => {
      const answer = await askUntil(question, options.waitMs);
      say(lineOf(answer));
      return answer;
    }),
  );
  return conclude([...sent, ...found], say);
}

function sendQuestions(smoke: Smoke, { otlpUrl }: SmokeOptions): Question[] {
  return Object.entries(telemetryOf(smoke)).map(([path, body]) => ({
    name: `${path} accepted`,
    hint: 'Is Signalbox running? See `docker compose ps`.',
    async ask() {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(otlpUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`answered ${response.status} ${text.slice(0, 200)}`);
      return 'on disk';
    },
  }));
}

function lineOf({ detail, name, ok, seconds }: Answer): string {
  return `${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(52)} ${seconds.toFixed(1).padStart(5)} s  ${detail}`;
}

function conclude(answers: readonly Answer[], say: (line: string) => void): boolean {
  const failed = answers.filter(({ ok }) => !ok).length;
  say(failed === 0 ? `All ${answers.length} found.` : `${failed} of ${answers.length} FAILED.`);
  return failed === 0;
}

function readOptions(args: readonly string[]): SmokeOptions | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      otlp: { type: 'string' },
      console: { type: 'string' },
      grafana: { type: 'string' },
      wait: { type: 'string', default: '60' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return HELP;
  const waitMs = Number(values.wait) * 1000;
  if (!(waitMs > 0)) throw new Error('--wait takes a number of seconds above 0.');
  const loaded = loadConfig({ file: undefined, environment: process.env });
  if (!loaded.ok) {
    const mistakes = loaded.mistakes.map(({ message, path }) => `  ${path}: ${message}`).join('\n');
    throw new Error(`The configuration has mistakes:\n${mistakes}`);
  }
  const { console: section, data_dir, engines, otlp_http, token } = loaded.config;
  const isStack = engines.tempo_url !== '';
  return {
    otlpUrl: values.otlp ?? `http://127.0.0.1:${otlp_http.port}`,
    consoleUrl: values.console ?? `http://127.0.0.1:${section.port}`,
    operatorToken: token || readToken(data_dir),
    waitMs,
    tempo: engines.tempo_url,
    loki: engines.loki_url,
    prometheus: engines.prometheus_url,
    alertmanager: engines.alertmanager_url,
    grafana: values.grafana ?? (isStack ? 'http://grafana:3000' : ''),
  };
}

function readToken(dataDir: string): string {
  const path = join(dataDir, 'secrets/operator-token');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new Error(
      `There is no operators' token in ${path}. Start Signalbox first, or set SIGNALBOX_TOKEN.`,
    );
  }
}

if (import.meta.main) {
  try {
    const options = readOptions(process.argv.slice(2));
    if (typeof options === 'string') console.log(options);
    else process.exitCode = (await runSmoke(options, console.log)) ? 0 : 1;
  } catch (error) {
    console.error(`${(error as Error).message}\nTry: npm run smoke -- --help`);
    process.exitCode = 1;
  }
}
