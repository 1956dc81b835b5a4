import type { Signal } from '#core/signal.ts';
import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import { forEachGroup } from '../../clean.ts';
import { classOfEvent, classOfKey } from '../../keys/key-class.ts';
import type { ContentMode } from '../config.ts';
import { type ContentEdits, contentEdits } from '../content-edits.ts';
import { spotsOf } from './spots-of.ts';

/** What becomes of the content of a request of several resource groups, as the cleaner asks for it: group by group. */
export function editGroups(
  signal: Signal,
  bytes: Uint8Array,
  { modeOf, ofKey = classOfKey }: { modeOf(service: string): ContentMode; ofKey?(key: string): number },
): ContentEdits {
  const all: ContentEdits = { edits: [], stripped: 0, kept: [] };
  const spots = spotsOf(bytes, signal, { ofKey, ofEvent: classOfEvent });
  forEachGroup({ signal, bytes, spots, groups: groupsOf(bytes) }, (group) => {
    const { edits, kept, stripped } = contentEdits(group, () => modeOf(group.service));
    for (const edit of edits) all.edits.push(edit);
    for (const range of kept) all.kept.push(range);
    all.stripped += stripped;
  });
  return all;
}

/** Where the resource groups of a request begin: the tags of its fields of number 1. */
function groupsOf(bytes: Uint8Array): number[] {
  const groups: number[] = [];
  const cursor = createCursor();
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const tag = readUint32(bytes, cursor);
    if (tag === 0x0a) groups.push(start);
    skipField(bytes, cursor, tag);
  }
  return groups;
}
