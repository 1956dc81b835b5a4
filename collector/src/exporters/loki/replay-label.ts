import { closeSlot, createProtoOut, openSlot, protoBytes, writeVarint } from '#otlp/proto-out.ts';
import { eachField, type Field } from './fit-fields.ts';
import { TAG } from './fit-measure.ts';
import { copyRaw, writeTextAttribute } from './fit-out.ts';

/** The resource attribute that loki/loki.yaml makes an index label; only lines that are sent again have it. */
export const REPLAY_ATTRIBUTE = 'signalbox.replay';

/**
 * The stream that lines sent again go to: the UTC hour of the newest time in the payload, as in `2026-11-24T05`;
 * `undated` when it holds no time. A stream of Loki takes lines that are at most `max_chunk_age` / 2 (1 h by default)
 * older than its newest one. By the newest time that one is never beyond the hour in the label, so what reaches back
 * less than that window always gets in. A payload that spans more, or of which the newest time is only an observed
 * one, gets in as far as the window reaches, the rest is refused once more; not so where Loki shards streams by time, as
 * with loki/loki.yaml, and takes lines in any order.
 */
export function replayLabelOf({ maxTimeUnixMs }: { maxTimeUnixMs: number }): string {
  return maxTimeUnixMs === 0 ? 'undated' : new Date(maxTimeUnixMs).toISOString().slice(0, 13);
}

/**
 * A copy of an uncompressed, checked request of log records with `signalbox.replay` = `value` behind the attributes of
 * each resource; of equal keys Loki takes the last. All else stays as it is. Throws RangeError when it is malformed.
 */
export function withReplayLabel(payload: Uint8Array, value: string): Uint8Array {
  const out = createProtoOut(payload.length + 256);
  const attribute = { key: Buffer.from(REPLAY_ATTRIBUTE), text: Buffer.from(value) };

  function writeResource(resource: Field | null): void {
    writeVarint(out, TAG.resource);
    const slot = openSlot(out);
    if (resource !== null) copyRaw(out, payload, resource);
    writeTextAttribute(out, TAG.resourceAttribute, attribute);
    closeSlot(out, slot);
  }

  function writeResourceLogs(group: Field): void {
    writeVarint(out, TAG.resourceLogs);
    const slot = openSlot(out);
    let isLabelled = false;
    eachField(payload, group, (field) => {
      if (field.tag !== TAG.resource) return copyRaw(out, payload, { start: field.at, end: field.end });
      isLabelled = true;
      writeResource(field);
    });
    if (!isLabelled) writeResource(null);
    closeSlot(out, slot);
  }

  eachField(payload, { start: 0, end: payload.length }, (field) => {
    if (field.tag === TAG.resourceLogs) writeResourceLogs(field);
    else copyRaw(out, payload, { start: field.at, end: field.end });
  });
  return protoBytes(out);
}
