import type { RawJson } from '#core/exact-json.ts';

export interface ResourceResult {
  attributes: RawJson;
  droppedAttributesCount: number;
  schemaUrl: string;
  entityRefs: RawJson;
}

export interface ScopeResult {
  name: string;
  version: string;
  attributes: RawJson;
  droppedAttributesCount: number;
  schemaUrl: string;
}

export interface LogResult {
  id: string;
  timeUnixNano: string;
  observedTimeUnixNano: string;
  severityNumber: number;
  severityText: string;
  service: string;
  body: RawJson;
  eventName: string;
  traceId: string | null;
  spanId: string | null;
  flags: number;
  attributes: RawJson;
  droppedAttributesCount: number;
  resource: ResourceResult;
  scope: ScopeResult;
}

export interface LogsPage {
  logs: LogResult[];
  nextCursor: string | null;
  /** Where words are looked for. */
  wordsIn: 'body' | 'body_and_attributes';
}

/** Hands out what arrived since the last call, oldest first; waits until there is something. */
export interface LogTail {
  /** `dropped` counts records that were passed over because they came faster than they were taken. */
  next(signal: AbortSignal): Promise<{ logs: LogResult[]; dropped: number }>;
  close(): void;
}
