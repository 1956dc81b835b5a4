import type { Signal } from '#core/signal.ts';
import type { Adjusted, Batch, Destination, SendContext, SendOutcome } from '../frame/destination.ts';
import { judge } from '../http/judge.ts';
import { createPoster } from '../http/post.ts';
import { type Body, concatenate } from './body.ts';
import type { EngineConfig } from './config.ts';
import { createConnectionWatch } from './connection-watch.ts';

export interface EngineDestinationDeps {
  /** The word in configuration, folders, metrics and log. */
  name: 'tempo' | 'loki' | 'prometheus';
  /** Of this program, for the User-Agent. */
  version: string;
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** What the engine takes of a batch, where that is not all of it as it is. Throws when a payload cannot be read. */
  prepare?(batch: Batch): Promise<{ body: Body; adjusted: Adjusted | null }>;
  /**
   * For an engine that keeps in memory what it has answered with 200: how long until it has written that, in milliseconds.
   * What it took counts as delivered when its connection has stayed open that long, and is sent again when not.
   */
  confirmAfterMs?: number;
}

/** What engines of Grafana and Prometheus tell tenants apart by. */
const TENANT_HEADER = 'x-scope-orgid';

/** An engine of the stack: takes one signal as OTLP over HTTP, in gzip members or identity as it was received. */
export function createEngineDestination(config: EngineConfig, deps: EngineDestinationDeps): Destination {
  const { confirmAfterMs = 0, name, now, prepare = asReceived, version } = deps;
  const watch = createConnectionWatch(confirmAfterMs);
  const section = `exporter_${name}`;
  const base = config.endpoint.replace(/\/+$/, '');
  const poster = createPoster({ maxSockets: config.max_in_flight });

  function post(telemetry: Signal, { body, tenant }: { body: Body; tenant: string }, signal: AbortSignal) {
    const headers = {
      'user-agent': `signalbox/${version}`,
      'content-type': 'application/x-protobuf',
      ...(body.encoding === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
      ...(tenant === '' ? {} : { [TENANT_HEADER]: tenant }),
    };
    const url = new URL(`${base}/v1/${telemetry}`);
    return poster.post({ url, headers, body: body.bytes, signal, timeoutMs: config.timeout_ms });
  }

  async function send(batch: Batch, { signal }: SendContext): Promise<SendOutcome> {
    if (batch.uncompressedBytes > config.max_request_bytes && batch.items > 1) {
      const reason = `${batch.uncompressedBytes} bytes are more than ${section}.max_request_bytes: sent in pieces`;
      return { kind: 'refused', reason };
    }
    const prepared = await prepare(batch).catch((error: unknown) => (error as Error).message);
    if (typeof prepared === 'string')
      return { kind: 'refused', reason: `a payload cannot be read: ${prepared}` };
    const result = await post(batch.signal, { body: prepared.body, tenant: batch.tenant }, signal);
    if (result.kind === 'failed')
      return { kind: 'retry', reason: result.reason, afterMs: null, isUnanswered: true };
    const outcome = judge(result, { section, nowMs: now() });
    if (outcome.kind !== 'delivered') return outcome;
    const { adjusted } = prepared;
    return {
      ...outcome,
      ...(adjusted === null ? {} : { adjusted }),
      ...(confirmAfterMs === 0 ? {} : { confirmation: watch.staysOpen(result) }),
    };
  }

  return {
    name,
    groupByEncoding: true,
    isTransactional: false,
    send,
    async isReady(telemetry, signal) {
      const nothing: Body = { bytes: new Uint8Array(0), encoding: 'identity' };
      const result = await post(telemetry, { body: nothing, tenant: '' }, signal);
      return result.kind === 'answer' && result.status >= 200 && result.status < 300;
    },
    close() {
      watch.close();
      poster.close();
    },
  };
}

async function asReceived(batch: Batch): Promise<{ body: Body; adjusted: null }> {
  return { body: await concatenate(batch), adjusted: null };
}
