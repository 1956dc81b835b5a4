import type { ContentEncoding } from '#core/record.ts';
import { concatenate } from '../engine/body.ts';
import type { Prepared } from '../engine/engine-destination.ts';
import type { Adjusted, Batch, BatchRecord } from '../frame/destination.ts';
import { identityOf } from '../frame/load-part.ts';
import { fitForLoki } from './fit.ts';
import { LOKI_LIMITS, mayNeedFit } from './fit-limits.ts';
import { replayLabelOf, withReplayLabel } from './replay-label.ts';

/**
 * A batch as Loki takes it: lines and metadata beyond its limits cut or rearranged, and what is sent again from the
 * dead letters under a label of its own, since Loki wants the lines of one stream nearly in order. `quick` looks only
 * at what is large enough to need it. Loki keeps the attributes of resource and scope once for each line, so a small
 * request can become a very large one there.
 */
export async function prepareForLoki(batch: Batch, effort: 'quick' | 'thorough'): Promise<Prepared> {
  const total: Total = { trimmed: 0, moved: 0, expandedBytes: 0 };
  const records: BatchRecord[] = [];
  for (const record of batch.records) {
    const needsFit = effort === 'thorough' || mayNeedFit(record.info, LOKI_LIMITS);
    records.push(needsFit || batch.isReplay ? await rewrite(record, { needsFit, batch, total }) : record);
  }
  const { expandedBytes, moved, trimmed } = total;
  const adjusted = trimmed > 0 || moved > 0 ? { trimmed, moved } : null;
  return { body: await concatenate({ records }), adjusted, expandedBytes };
}

interface Total extends Adjusted {
  expandedBytes: number;
}

interface Rewriting {
  needsFit: boolean;
  batch: Batch;
  total: Total;
}

async function rewrite(record: BatchRecord, { batch, needsFit, total }: Rewriting): Promise<BatchRecord> {
  const { info } = record;
  const before = await identityOf(info, record.payload);
  const labelled = batch.isReplay ? withReplayLabel(before, replayLabelOf(info)) : before;
  const { lokiBytes, moved, payload, trimmed } = needsFit
    ? fitForLoki(labelled, LOKI_LIMITS)
    : { lokiBytes: 0, moved: 0, trimmed: 0, payload: labelled };
  total.expandedBytes += lokiBytes;
  total.moved += moved;
  total.trimmed += trimmed;
  if (payload === before) return record;
  const encoding: ContentEncoding = 'identity';
  return { info: { ...info, encoding, uncompressedBytes: payload.length }, payload };
}
