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
  /** What the engine takes of a batch, where that is not all of it as it is. */
  prepare?: Prepare;
  /**
   * For an engine that keeps in memory what it has answered with 200: how long until it has written that, in milliseconds.
   * What it took counts as delivered when its connection has stayed open that long, and is sent again when not.
   */
  confirmAfterMs?: number;
  /**
   * For an engine that answers 500 also to what no later attempt would change: whether it says so in this answer. Such
   * a batch is refused, and taken apart at once.
   */
  isAboutPayload?: (said: string) => boolean;
}

export interface Prepared {
  body: Body;
  /** null when every payload is as it was. */
  adjusted: Adjusted | null;
  /** Bytes that the engine makes of it where that can be many times more, as far as that was looked at. */
  expandedBytes?: number;
}

/**
 * Makes one request of a batch. `quick` may pass by what is most likely right; `thorough` follows when the engine refused
 * that. Throws when a payload cannot be read.
 */
export type Prepare = (batch: Batch, effort: 'quick' | 'thorough') => Promise<Prepared>;

/** What engines of Grafana and Prometheus tell tenants apart by. */
const TENANT_HEADER = 'x-scope-orgid';

/** An engine of the stack: takes one signal as OTLP over HTTP, in gzip members or identity as it was received. */
export function createEngineDestination(config: EngineConfig, deps: EngineDestinationDeps): Destination {
  const { confirmAfterMs = 0, isAboutPayload = () => false, name, now, prepare = asReceived, version } = deps;
  const watch = createConnectionWatch(confirmAfterMs);
  const section = `exporter_${name}`;
  const base = config.endpoint.replace(/\/+$/, '');
  const poster = createPoster({ maxSockets: config.max_in_flight });
  const inPieces = createSizeCheck(section, config.max_request_bytes);

  function post(telemetry: Signal, { body, tenant }: { body: Body; tenant: string }, signal: AbortSignal) {
    const headers = {
      'user-agent': `signalbox/${version}`,
      'content-type': 'application/x-protobuf',
      ...(body.encoding === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
      ...tenantHeader(config, tenant),
    };
    const url = new URL(`${base}/v1/${telemetry}`);
    return poster.post({ url, headers, body: body.bytes, signal, timeoutMs: config.timeout_ms });
  }

  async function attempt(batch: Batch, prepared: Prepared, signal: AbortSignal): Promise<SendOutcome> {
    const result = await post(batch.signal, { body: prepared.body, tenant: batch.tenant }, signal);
    if (result.kind === 'failed')
      return { kind: 'retry', reason: result.reason, afterMs: null, isUnanswered: true };
    const outcome = judge(result, { section, nowMs: now() });
    if (outcome.kind !== 'delivered') {
      const { reason } = outcome;
      return isAboutPayload(reason) ? { kind: 'refused', reason } : outcome;
    }
    const { adjusted } = prepared;
    return {
      ...outcome,
      ...(adjusted === null ? {} : { adjusted }),
      ...(confirmAfterMs === 0 ? {} : { confirmation: watch.staysOpen(result) }),
    };
  }

  /** What the engine does not take is looked at once more, closely, where that may have been missed. */
  async function reconsider(
    batch: Batch,
    said: SendOutcome,
    quick: Prepared,
  ): Promise<Prepared | SendOutcome> {
    const isAnswered = said.kind === 'refused' || (said.kind === 'retry' && said.isUnanswered !== true);
    if (deps.prepare === undefined || !isAnswered) return said;
    const thorough = await prepare(batch, 'thorough');
    const pieces = inPieces(batch, thorough.expandedBytes ?? 0);
    if (pieces !== null) return pieces;
    return said.kind === 'refused' && !isSame(thorough.adjusted, quick.adjusted) ? thorough : said;
  }

  async function send(batch: Batch, { signal }: SendContext): Promise<SendOutcome> {
    const pieces = inPieces(batch, batch.uncompressedBytes);
    if (pieces !== null) return pieces;
    try {
      const quick = await prepare(batch, 'quick');
      const outcome = inPieces(batch, quick.expandedBytes ?? 0) ?? (await attempt(batch, quick, signal));
      const next = await reconsider(batch, outcome, quick);
      return 'kind' in next ? next : await attempt(batch, next, signal);
    } catch (error) {
      return { kind: 'refused', reason: `a payload cannot be read: ${(error as Error).message}` };
    }
  }

  return {
    name,
    groupByEncoding: true,
    isTransactional: false,
    confirms: confirmAfterMs > 0,
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

/** The outcome that has a batch of too many bytes taken apart; null when it is small enough, or a single item. */
function createSizeCheck(section: string, maxBytes: number) {
  return ({ items }: Batch, bytes: number): SendOutcome | null => {
    if (bytes <= maxBytes || items === 1) return null;
    const reason = `${bytes} bytes are more than ${section}.max_request_bytes: sent in pieces`;
    return { kind: 'refused', reason };
  };
}

function tenantHeader({ default_tenant, send_tenant }: EngineConfig, tenant: string): Record<string, string> {
  return send_tenant ? { [TENANT_HEADER]: tenant || default_tenant } : {};
}

async function asReceived(batch: Batch): Promise<Prepared> {
  return { body: await concatenate(batch), adjusted: null };
}

function isSame(a: Adjusted | null, b: Adjusted | null): boolean {
  return a?.trimmed === b?.trimmed && a?.moved === b?.moved;
}
