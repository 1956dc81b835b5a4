import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Protocol } from './senders.ts';

const execute = promisify(execFile);
// Of the SDKs the slowest gives up after about half of it.
const TIMEOUT_MS = 60_000;

export interface Sending {
  service: string;
  protocol: Protocol;
  compression: 'none' | 'gzip';
  /** Where OTLP of that protocol goes, without a path. */
  endpoint: string;
  /** Standard variables besides, as in `{ OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=...' }`. */
  env: Readonly<Record<string, string>>;
}

/** Runs a sender to its end and says whether all its exports succeeded, and what it printed. Throws when it was cut. */
export async function runSender(
  [file, ...args]: readonly [string, ...string[]],
  { service, protocol, compression, endpoint, env }: Sending,
): Promise<{ isExported: boolean; output: string }> {
  const options = {
    timeout: TIMEOUT_MS,
    env: {
      PATH: process.env.PATH,
      OTEL_SERVICE_NAME: service,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      // Unset is "none": the gRPC exporter for Python knows no such word.
      ...(compression === 'gzip' && { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }),
      ...env,
    },
  };
  try {
    const { stdout, stderr } = await execute(file, args, options);
    return { isExported: true, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout: string; stderr: string };
    if (code !== 1) throw error;
    return { isExported: false, output: stdout + stderr };
  }
}
