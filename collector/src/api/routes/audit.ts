import type { Access } from '#access/access.ts';
import type { AuditPlace } from '#access/audit/read-audit.ts';
import type { Clock } from '#core/clock.ts';
import { BadRequestError } from '#query/requests.ts';
import { AuditParams, AuditResponse } from '../schemas/audit.ts';
import { ApiError } from '../schemas/common.ts';
import { parseRange, toRfc3339 } from '../time.ts';
import type { Api } from './context.ts';

const CURSOR = /^(?<file>audit-\d{4}-\d{2}(?:\.\d{1,6})?\.jsonl):(?<offset>\d{1,15})$/;

/** `/api/v1/audit`: who did what; for admins. */
export function auditRoutes(api: Api, { access, clock }: { access: Access; clock: Clock }): void {
  api.get(
    '/api/v1/audit',
    {
      schema: {
        summary: 'Who did what, newest first',
        querystring: AuditParams,
        response: { 200: AuditResponse, 400: ApiError },
      },
    },
    async ({ query }) => {
      const { action, cursor, limit, who } = query;
      const { from, to } = parseRange(query, clock());
      const { next, records } = await access.audit.read({
        fromUnixMs: Number(from / 1_000_000n),
        // What was just recorded belongs to a range that ends now.
        toUnixMs: Number(to / 1_000_000n) + 1,
        who,
        action,
        limit,
        after: cursor === undefined ? null : decodeCursor(cursor),
      });
      return {
        records: records.map(({ unixMs, ...same }) => ({ at: toRfc3339(unixMs), ...same })),
        nextCursor: next === null ? null : encodeCursor(next),
      };
    },
  );
}

function encodeCursor({ file, offset }: AuditPlace): string {
  return Buffer.from(`${file}:${offset}`).toString('base64url');
}

function decodeCursor(cursor: string): AuditPlace {
  const found = CURSOR.exec(Buffer.from(cursor, 'base64url').toString())?.groups;
  if (found === undefined) {
    throw new BadRequestError('cursor', 'is not a cursor of this list; leave it out for the first page');
  }
  return { file: found.file!, offset: Number(found.offset) };
}
