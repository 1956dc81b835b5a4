import type { Payload } from '#core/payload.ts';
import type { ReadParams, Row } from '#store/reader.ts';

/** What the queries need of the store. */
export interface StoreReads {
  read(sql: string, params: ReadParams, signal?: AbortSignal): Promise<Row[]>;
  onCommit(listener: (payloads: readonly Payload[]) => void): () => void;
}
