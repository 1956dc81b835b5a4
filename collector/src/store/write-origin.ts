import { readResource } from '#otlp/resource.ts';
import { readScope } from '#otlp/scope.ts';
import type { DayTables } from './day-tables.ts';

/** The resource that items belong to, as a row id, and the service it names. */
export interface Origin {
  resourceId: number;
  scopeId: number;
  service: string;
}

/** Interns a Resource message and sets `origin`. */
export function enterResource(
  tables: DayTables,
  origin: Origin,
  resource: { bytes: Uint8Array; start: number; end: number; schemaUrl: string },
): void {
  const fields = readResource(resource.bytes, resource.start, resource.end);
  const { attributesJson, droppedAttributesCount, entityRefsJson, serviceName } = fields;
  const key = `${attributesJson}\n${droppedAttributesCount}\n${entityRefsJson}\n${resource.schemaUrl}`;
  origin.service = serviceName;
  origin.resourceId = tables.knownResources.idOf(key, (id) => {
    const row = tables.resources;
    row.row();
    row.setInteger(0, id);
    row.setText(1, serviceName);
    row.setText(2, attributesJson);
    row.setNumber(3, droppedAttributesCount);
    row.setText(4, entityRefsJson);
    row.setText(5, resource.schemaUrl);
  });
}

/** Interns an InstrumentationScope message and sets `origin`. */
export function enterScope(
  tables: DayTables,
  origin: Origin,
  scope: { bytes: Uint8Array; start: number; end: number; schemaUrl: string },
): void {
  const { name, version, attributesJson, droppedAttributesCount } = readScope(
    scope.bytes,
    scope.start,
    scope.end,
  );
  const key = `${name}\n${version}\n${attributesJson}\n${droppedAttributesCount}\n${scope.schemaUrl}`;
  origin.scopeId = tables.knownScopes.idOf(key, (id) => {
    const row = tables.scopes;
    row.row();
    row.setInteger(0, id);
    row.setText(1, name);
    row.setText(2, version);
    row.setText(3, attributesJson);
    row.setNumber(4, droppedAttributesCount);
    row.setText(5, scope.schemaUrl);
  });
}
