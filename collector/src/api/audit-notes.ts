import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEntry } from '#access/audit/audit-log.ts';
import type { Outcome } from '#access/audit/audit-record.ts';
import type { Principal } from '#access/principal.ts';
import type { Callers } from './access.ts';
import { isUnsafe } from './csrf.ts';
import type { Right } from './rights.ts';

/** What a route knows better than its address does. */
export interface AuditNote {
  /** In the place of method and route. */
  action?: string;
  target?: string;
  /** Who it turned out to be, when the request itself could not say yet. */
  principal?: Pick<Principal, 'name' | 'kind' | 'role'>;
  /** Where the status does not tell, as with a page that says what went wrong. */
  outcome?: Outcome;
}

const notes = new WeakMap<FastifyRequest, AuditNote>();

/** Makes the record of this request say more; a request that only reads is recorded because of it. */
export function noteForAudit(request: FastifyRequest, note: AuditNote): void {
  notes.set(request, { ...notes.get(request), ...note });
}

/**
 * What the audit record says of a request; null when nothing was to be changed. So a new route that changes something
 * is recorded without anybody thinking of it. Neither bodies nor queries are in it.
 */
export function auditEntryOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { callers, right }: { callers: Callers; right: Right | undefined },
): AuditEntry | null {
  const note = notes.get(request);
  const { url } = request.routeOptions;
  if (url === undefined || (note === undefined && !isUnsafe(request.method))) return null;
  const caller = callers.of(request);
  const { kind, name, role } = note?.principal ?? caller.principal;
  const outcome = note?.outcome ?? outcomeOf(reply.statusCode);
  if (right?.isRoutine && outcome === 'ok') return null;
  const isKnown = kind !== 'anonymous';
  return {
    who: name,
    kind,
    role,
    action: note?.action ?? `${request.method} ${url}`,
    target: note?.target ?? (isKnown ? Object.values(request.params ?? {}).join(' ') : ''),
    outcome,
    status: reply.statusCode,
    address: caller.address,
  };
}

function outcomeOf(status: number): Outcome {
  if (status < 400) return 'ok';
  return status === 401 || status === 403 || status === 429 ? 'denied' : 'failed';
}
