import { rawJson } from '#core/exact-json.ts';
import type { Row } from '#store/reader.ts';
import { readQuery } from '#store/sql-files.ts';
import type { ResourceResult, ScopeResult } from '../log-results.ts';
import type { StoreReads } from './context.ts';

const SQL = { resources: readQuery('resources'), scopes: readQuery('scopes') };

/** Resources and scopes by row id, for the rows of one answer. */
export interface Origins {
  resources: Map<string, ResourceResult>;
  scopes: Map<string, ScopeResult>;
}

/** Reads the resources and scopes that `rows` refer to. */
export async function readOrigins(
  store: StoreReads,
  rows: readonly Row[],
  signal?: AbortSignal,
): Promise<Origins> {
  const [resources, scopes] = await Promise.all([
    readByIds(store, { sql: SQL.resources, ids: distinct(rows, 'resource_id') }, signal),
    readByIds(store, { sql: SQL.scopes, ids: distinct(rows, 'scope_id') }, signal),
  ]);
  return {
    resources: new Map(resources.map((row) => [String(row.resource_id), toResource(row)])),
    scopes: new Map(scopes.map((row) => [String(row.scope_id), toScope(row)])),
  };
}

async function readByIds(
  store: StoreReads,
  query: { sql: string; ids: string[] },
  signal?: AbortSignal,
): Promise<Row[]> {
  if (query.ids.length === 0) return [];
  const params = Object.fromEntries(query.ids.map((id, index) => [`id_${index}`, BigInt(id)]));
  const names = query.ids.map((_, index) => `$id_${index}`).join(', ');
  return store.read(query.sql.replace('/*ids*/', names), params, signal);
}

function distinct(rows: readonly Row[], key: string): string[] {
  return [...new Set(rows.map((row) => String(row[key])))];
}

function toResource(row: Row): ResourceResult {
  return {
    attributes: rawJson(String(row.attributes)),
    droppedAttributesCount: Number(row.dropped_attributes_count),
    schemaUrl: String(row.schema_url),
    entityRefs: rawJson(String(row.entity_refs)),
  };
}

function toScope(row: Row): ScopeResult {
  return {
    name: String(row.name),
    version: String(row.version),
    attributes: rawJson(String(row.attributes)),
    droppedAttributesCount: Number(row.dropped_attributes_count),
    schemaUrl: String(row.schema_url),
  };
}
