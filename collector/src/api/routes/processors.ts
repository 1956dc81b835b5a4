import type { AccountingReport } from '#core/accounting.ts';
import type { Clock } from '#core/clock.ts';
import type { ProcessorsDescription } from '#core/processor-description.ts';
import type { TryOutInput, TryOutResult } from '#core/try-out.ts';
import { sendProblem } from '../errors.ts';
import { ApiError } from '../schemas/common.ts';
import {
  HashBody,
  HashResponse,
  MAX_TRY_BYTES,
  ProcessorsParams,
  ProcessorsResponse,
  TryBody,
  TryResponse,
} from '../schemas/processors.ts';
import { toRfc3339 } from '../time.ts';
import { withoutWords } from '../without-words.ts';
import type { Api } from './context.ts';

/** JSON may write each byte as `\u0000`. */
const MAX_TRY_BODY = 6 * MAX_TRY_BYTES + 64 * 1024;
const NANOS_PER_MS = 1_000_000n;

export interface ProcessorRouteDeps {
  clock: Clock;
  startedUnixNano: bigint;
  readAccounting(): Promise<AccountingReport>;
  /** What the processors do as they are configured. */
  describeProcessors(): Promise<ProcessorsDescription>;
  /** What they would make of a text; nothing of it is kept or counted. */
  tryOut(input: TryOutInput): Promise<TryOutResult>;
  /** What stands in the place of a user's id. */
  hashUserId(value: string): Promise<string>;
}

/** `/api/v1/processors`: what is done to telemetry before the journal, and what would be done to a text. */
export function processorRoutes(api: Api, deps: ProcessorRouteDeps): void {
  api.get(
    '/api/v1/processors',
    {
      schema: {
        summary: 'What processors do to telemetry before it is kept, and what they did since the start',
        querystring: ProcessorsParams,
        response: { 200: ProcessorsResponse, 400: ApiError },
      },
    },
    async ({ query }) => describe(deps, query),
  );
  api.post(
    '/api/v1/processors/try',
    {
      bodyLimit: MAX_TRY_BODY,
      schema: {
        summary: 'What processors would make of a text; it is neither kept, counted nor logged',
        body: TryBody,
        response: { 200: TryResponse, 400: ApiError, 413: ApiError },
      },
    },
    async ({ body }, reply) => {
      const { key = '', service = '', text } = body;
      const bytes = Buffer.byteLength(text);
      if (bytes > MAX_TRY_BYTES) {
        const message = `text: at most ${MAX_TRY_BYTES} bytes (1 MiB) can be tried at a time; this has ${bytes}`;
        return sendProblem(reply, { status: 413, code: 'too_large', param: 'text', message }) as never;
      }
      const result = await withoutWords(() => deps.tryOut({ text, service, key }));
      if (result.ok) return result;
      const message = `text: ${result.message}`;
      return sendProblem(reply, { status: 400, code: 'bad_request', param: 'text', message }) as never;
    },
  );
  api.post(
    '/api/v1/processors/hash',
    {
      schema: {
        summary: "What stands in the place of a user's id, to search for it",
        body: HashBody,
        response: { 200: HashResponse, 400: ApiError },
      },
    },
    async ({ body }) => ({ hash: await withoutWords(() => deps.hashUserId(body.value)) }),
  );
}

async function describe(
  deps: ProcessorRouteDeps,
  { limit, processor, service }: ProcessorsParams,
): Promise<ProcessorsResponse> {
  const { processors } = await deps.readAccounting();
  const counts = processors
    .filter(
      (done) =>
        (processor === undefined || done.processor === processor) &&
        (service === undefined || done.service === service),
    )
    .sort((a, b) => b.count - a.count);
  return {
    at: toRfc3339(Number(deps.clock() / NANOS_PER_MS)),
    since: toRfc3339(Number(deps.startedUnixNano / NANOS_PER_MS)),
    ...(await deps.describeProcessors()),
    counts: counts
      .slice(0, limit)
      .map(({ lastUnixMs, ...same }) => ({ ...same, lastAt: toRfc3339(lastUnixMs) })),
    countsTotal: counts.length,
  };
}
