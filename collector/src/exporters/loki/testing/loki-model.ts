import { decodeAs, type Plain } from '#otlp/testing/reference.ts';
import type { LokiLimits } from '../fit-limits.ts';

/**
 * What Loki 3.7.8 makes of a request, after its sources (pkg/loghttp/push/otlp.go, pkg/distributor/validator.go,
 * otlptranslator 1.0, pdata 1.59) and on objects of the reference codec: nothing of ours decides here.
 */
export interface ModelEntry {
  line: string;
  metadata: [name: string, value: string][];
  /** Why this line is refused; '' when it is taken. */
  refused: string;
}

export interface ModelGroup {
  labels: Map<string, string>;
  /** Why all its lines are refused; '' when they are not. */
  refused: string;
  entries: ModelEntry[];
}

export interface ModelAnswer {
  groups: ModelGroup[];
  /** Why the whole request is refused; '' when it is not. */
  refused: string;
  /** Values of which nothing arrives, without a word: lists and maps with a number that JSON has not. */
  emptied: number;
}

type Pair = [name: string, value: string];

const list = (plain: Plain | null | undefined, name: string) => (plain?.[name] ?? []) as Plain[];
const bytes = (text: string) => Buffer.byteLength(text);

class Unnamed extends Error {}

/** otlptranslator.LabelNamer.Build. */
export function labelName(key: string): string {
  if (key === '') throw new Unnamed('label name is empty');
  const reserved = key.length >= 4 && key.startsWith('__') && key.endsWith('__');
  const inner = (reserved ? key.slice(2, -2) : key).replace(/[^A-Za-z0-9]+/gu, '_');
  const name = reserved ? `__${inner}__` : inner;
  const led = /^[0-9]/.test(name) ? `key_${name}` : name;
  if (/^_*$/.test(led)) throw new Unnamed(`"${key}" has no name`);
  return led;
}

function goNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function goJsonString(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** encoding/json of AnyValue.AsRaw; throws RangeError for numbers that it refuses. */
function goJson(value: Plain | null | undefined): string {
  if (value?.stringValue !== undefined) return goJsonString(value.stringValue as string);
  if (value?.boolValue !== undefined) return String(value.boolValue);
  if (value?.intValue !== undefined) return String(value.intValue);
  if (value?.doubleValue !== undefined) {
    if (!Number.isFinite(value.doubleValue as number)) throw new RangeError('no JSON number');
    return goNumber(value.doubleValue as number);
  }
  if (value?.bytesValue !== undefined) return `"${base64(value.bytesValue)}"`;
  if (value?.arrayValue !== undefined)
    return `[${list(value.arrayValue as Plain, 'values')
      .map(goJson)
      .join(',')}]`;
  if (value?.kvlistValue === undefined) return 'null';
  const members = new Map<string, string>();
  for (const { key, value: member } of list(value.kvlistValue as Plain, 'values'))
    members.set(key as string, goJson(member as Plain));
  return `{${[...members].map(([key, json]) => `${goJsonString(key)}:${json}`).join(',')}}`;
}

const base64 = (value: unknown) => Buffer.from(value as number[]).toString('base64');

export function createModel(limits: LokiLimits): (payload: Uint8Array) => ModelAnswer {
  let emptied = 0;

  /** pcommon.Value.AsString. */
  function asString(value: Plain | null | undefined): string {
    if (value?.stringValue !== undefined) return value.stringValue as string;
    if (value?.doubleValue !== undefined) return goNumber(value.doubleValue as number);
    if (value?.bytesValue !== undefined) return base64(value.bytesValue);
    if (value?.boolValue !== undefined || value?.intValue !== undefined) return goJson(value);
    if (value?.arrayValue === undefined && value?.kvlistValue === undefined) return '';
    try {
      return goJson(value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      emptied++;
      return '';
    }
  }

  function isEmpty(value: Plain | undefined): boolean {
    const before = emptied;
    const is = asString(value) === '';
    emptied = before;
    return is;
  }

  function pairs(key: string, value: Plain | null | undefined): Pair[] {
    const name = labelName(key);
    if (value?.kvlistValue === undefined) return [[name, asString(value)]];
    return list(value.kvlistValue as Plain, 'values').flatMap((each) =>
      pairs(`${name}_${each.key}`, each.value as Plain),
    );
  }

  const attributes = (plain: Plain | null | undefined): Pair[] =>
    list(plain, 'attributes').flatMap(({ key, value }) => pairs(key as string, value as Plain));

  function scopePairs(scope: Plain | null | undefined): Pair[] {
    const found = attributes(scope);
    if (scope?.name) found.push(['scope_name', scope.name as string]);
    if (scope?.version) found.push(['scope_version', scope.version as string]);
    if (scope?.droppedAttributesCount)
      found.push(['scope_dropped_attributes_count', String(scope.droppedAttributesCount)]);
    return found;
  }

  function id(value: unknown, length: number): string {
    const given = (value ?? []) as number[];
    if (given.length !== 0 && given.length !== length) throw new Unnamed('invalid length of an id');
    return given.some((byte) => byte !== 0) ? Buffer.from(given).toString('hex') : '';
  }

  function recordPairs(log: Plain): Pair[] {
    const found = attributes(log);
    const add = (name: string, value: unknown) => {
      if (value && value !== '0') found.push([name, String(value)]);
    };
    if (log.timeUnixNano !== '0' && log.observedTimeUnixNano !== '0')
      add('observed_timestamp', BigInt.asIntN(64, BigInt(log.observedTimeUnixNano as string)));
    add('severity_number', log.severityNumber);
    add('severity_text', log.severityText);
    add('dropped_attributes_count', log.droppedAttributesCount);
    add('flags', log.flags);
    add('trace_id', id(log.traceId, 16));
    add('span_id', id(log.spanId, 8));
    return found;
  }

  function judge(line: string, metadata: Pair[]): string {
    const size = metadata.reduce((sum, [name, value]) => sum + bytes(name) + bytes(value), 0);
    if (bytes(line) > limits.maxLineBytes) return `line of ${bytes(line)} bytes`;
    if (size > limits.maxMetadataBytes) return `metadata of ${size} bytes`;
    return metadata.length > limits.maxMetadataEntries ? `${metadata.length} entries of metadata` : '';
  }

  function judgeLabels(labels: Map<string, string>): string {
    for (const [name, value] of labels) {
      if (value.includes('\ufffd')) return `invalid UTF-8 rune in ${name}`;
      if (bytes(name) > limits.maxLabelNameBytes) return `label name ${name}`;
      if (bytes(value) > limits.maxLabelValueBytes) return `label ${name} of ${bytes(value)} bytes`;
    }
    if ([...labels.values()].every((value) => value === '')) return 'no label';
    return labels.size - 1 > limits.maxLabels ? `${labels.size} labels` : '';
  }

  function group(resourceLogs: Plain): ModelGroup {
    const resource = list(resourceLogs.resource as Plain, 'attributes');
    const isLabel = ({ key }: Plain) => limits.indexLabels.includes(key as string);
    const name = resource.find(({ key }) => key === 'service.name')?.value as Plain | undefined;
    const labels = new Map(
      resource.filter(isLabel).flatMap(({ key, value }) => pairs(key as string, value as Plain)),
    );
    if (isEmpty(name)) labels.set('service_name', 'unknown_service');
    const around = resource
      .filter((each) => !isLabel(each))
      .flatMap(({ key, value }) => pairs(key as string, value as Plain));
    const entries = list(resourceLogs, 'scopeLogs').flatMap((scopeLogs) => {
      const scope = scopePairs(scopeLogs.scope as Plain);
      return list(scopeLogs, 'logRecords').map((log): ModelEntry => {
        const line = asString(log.body as Plain);
        const metadata = [...recordPairs(log), ...around, ...scope];
        return { line, metadata, refused: judge(line, metadata) };
      });
    });
    return { labels, entries, refused: judgeLabels(labels) };
  }

  return (payload) => {
    emptied = 0;
    try {
      const request = decodeAs('ExportLogsServiceRequest', payload);
      return { groups: list(request, 'resourceLogs').map(group), refused: '', emptied };
    } catch (error) {
      if (!(error instanceof Unnamed)) throw error;
      return { groups: [], refused: error.message, emptied };
    }
  };
}
