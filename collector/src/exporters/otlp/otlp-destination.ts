import type { Signal } from '#core/signal.ts';
import type { Batch, Destination, SendContext, SendOutcome } from '../frame/destination.ts';
import { isFinal, judge } from '../http/judge.ts';
import { createPoster, type PostResult } from '../http/post.ts';
import type { ExporterOtlpConfig } from './config.ts';
import { encodeBody } from './encode.ts';
import { createFinalAnswers } from './final-answers.ts';
import { parseHeaders } from './headers.ts';

export interface OtlpDestinationDeps {
  /** Of this program, for the User-Agent. */
  version: string;
  /** Milliseconds since 1970 UTC. */
  now(): number;
}

/**
 * A server that takes OTLP over HTTP, as protobuf. Keeps connections open until `close`.
 * Throws OperatorError when the headers are not usable.
 */
export function createOtlpDestination(config: ExporterOtlpConfig, deps: OtlpDestinationDeps): Destination {
  const base = config.endpoint.replace(/\/+$/, '');
  const poster = createPoster({ maxSockets: config.max_in_flight * config.signals.length });
  const headers = {
    'user-agent': `signalbox/${deps.version}`,
    ...parseHeaders(config.headers),
    'content-type': 'application/x-protobuf',
    ...(config.compression === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
  };

  function post(telemetry: Signal, body: Uint8Array, signal: AbortSignal): Promise<PostResult> {
    const url = new URL(`${base}/v1/${telemetry}`);
    return poster.post({ url, headers, body, signal, timeoutMs: config.timeout_ms });
  }

  async function isReady(telemetry: Signal, signal: AbortSignal): Promise<boolean> {
    const nothing = {
      signal: telemetry,
      tenant: '',
      records: [],
      items: 0,
      uncompressedBytes: 0,
      isReplay: false,
    };
    const result = await post(telemetry, await encodeBody(nothing, config.compression), signal);
    return result.kind === 'answer' && result.status >= 200 && result.status < 300;
  }

  const finalAnswers = createFinalAnswers(isReady);

  async function send(batch: Batch, { signal }: SendContext): Promise<SendOutcome> {
    const waiting = await finalAnswers.holdBack(batch.signal, signal);
    if (waiting !== null) return waiting;
    let body: Uint8Array;
    try {
      body = await encodeBody(batch, config.compression);
    } catch (error) {
      return { kind: 'refused', reason: `a payload cannot be read: ${(error as Error).message}` };
    }
    const result = await post(batch.signal, body, signal);
    if (result.kind === 'failed')
      return { kind: 'retry', reason: result.reason, afterMs: null, isUnanswered: true };
    const outcome = judge(result, { section: 'exporter_otlp', nowMs: deps.now() });
    if (config.retry_final_answers || !isFinal(result)) return outcome;
    return finalAnswers.conclude(batch.signal, outcome);
  }

  return {
    name: 'otlp',
    groupByEncoding: false,
    isTransactional: false,
    send,
    isReady,
    close: () => poster.close(),
  };
}
