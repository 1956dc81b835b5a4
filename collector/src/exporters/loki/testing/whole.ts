import { expected } from '#otlp/testing/expected.ts';
import type { Plain } from '#otlp/testing/reference.ts';

const list = (plain: Plain | null | undefined, name: string) => (plain?.[name] ?? []) as Plain[];

/** The JSON that the readers' tests expect of a list of attributes, without its braces. */
function members(attributes: Plain[]): string {
  const request = { resourceLogs: [{ resource: { attributes }, scopeLogs: [] }] };
  const [found] = expected('logs', request) as [{ resource: { attributesJson: string } }];
  return found.resource.attributesJson.slice(1, -1);
}

const hex = (value: unknown) => Buffer.from((value ?? []) as number[]).toString('hex');

const textOf = (attributes: Plain[], key: string) =>
  (attributes.find((each) => each.key === key)?.value as Plain | undefined)?.stringValue as
    | string
    | undefined;

/** Whether each attribute of `before` is among those of `after` or a member of the JSON that took the others. */
function hasAll(before: Plain[], after: Plain[], json: string): boolean {
  const kept = new Set(after.map((each) => JSON.stringify(each)));
  return before.every((each) => kept.has(JSON.stringify(each)) || json.includes(members([each])));
}

/** Whether nothing of a resource is missing: a map may have become JSON where it was. */
function isResourceWhole(before: Plain | null, after: Plain | null): boolean {
  const later = list(after, 'attributes');
  const labels = later.map((each) => `${JSON.stringify(each.key)}:${(each.value as Plain)?.stringValue}`);
  const json = [textOf(later, 'signalbox.moved.resource') ?? '', ...labels].join('\n');
  return hasAll(list(before, 'attributes'), later, json);
}

function isScopeWhole(before: Plain | null, after: Plain | null): boolean {
  const later = list(after, 'attributes');
  const isSame = before?.name === after?.name && before?.version === after?.version;
  return isSame && hasAll(list(before, 'attributes'), later, textOf(later, 'signalbox.moved.scope') ?? '');
}

/** What a body is as the beginning of a line, without what a map or list needs Loki for. */
function bodyText(log: Plain): string {
  const body = (log.body ?? {}) as Plain;
  if (body.stringValue !== undefined) return body.stringValue as string;
  if (body.bytesValue !== undefined) return Buffer.from(body.bytesValue as number[]).toString('base64');
  if (body.doubleValue !== undefined) {
    const value = body.doubleValue as number;
    return Object.is(value, -0) ? '-0' : String(value);
  }
  const request = { resourceLogs: [{ resource: null, scopeLogs: [{ scope: null, logRecords: [log] }] }] };
  const found = expected('logs', request).at(-1) as { log: { bodyJson: string } };
  return found.log.bodyJson === 'null' ? '' : found.log.bodyJson;
}

const idMember = (name: string, value: unknown) => `${JSON.stringify(name)}:"${hex(value)}"`;

function isRecordWhole(before: Plain, after: Plain): boolean {
  if (before.severityText !== after.severityText) return false;
  if (JSON.stringify(before) === JSON.stringify(after)) return true;
  const later = list(after, 'attributes');
  const line = ((after.body ?? {}) as Plain).stringValue as string | undefined;
  const isBodySame = JSON.stringify(before.body) === JSON.stringify(after.body);
  if (!isBodySame && !line?.startsWith(bodyText(before))) return false;
  const json = isBodySame ? '' : (line ?? '').slice(bodyText(before).length);
  const areIdsThere = ['traceId', 'spanId'].every(
    (name) =>
      hex(before[name]) === hex(after[name]) ||
      json.includes(idMember(name === 'traceId' ? 'trace_id' : 'span_id', before[name])),
  );
  return areIdsThere && hasAll(list(before, 'attributes'), later, json);
}

export type Fate = 'same' | 'whole' | 'cut';

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What became of every log record of a decoded request, with its resource and scope: found by comparison alone. */
export function fates(before: Plain, after: Plain): Fate[] {
  return list(before, 'resourceLogs').flatMap((group, groupAt) => {
    const laterGroup = list(after, 'resourceLogs')[groupAt]!;
    const resources = [group.resource, laterGroup.resource] as [Plain | null, Plain | null];
    return list(group, 'scopeLogs').flatMap((scopeLogs, scopeAt) => {
      const laterLogs = list(laterGroup, 'scopeLogs')[scopeAt]!;
      const scopes = [scopeLogs.scope, laterLogs.scope] as [Plain | null, Plain | null];
      return list(scopeLogs, 'logRecords').map((log, at): Fate => {
        const later = list(laterLogs, 'logRecords')[at]!;
        if (isSame(log, later) && isSame(...resources) && isSame(...scopes)) return 'same';
        const isWhole = isResourceWhole(...resources) && isScopeWhole(...scopes) && isRecordWhole(log, later);
        return isWhole ? 'whole' : 'cut';
      });
    });
  });
}
