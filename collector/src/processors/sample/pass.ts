import type { Item } from './walk.ts';

/** What is done with the requests of one signal. */
export interface Pass {
  /** False when nothing is configured for the signal. */
  readonly isActive: boolean;
  /** The items of a request in their order, each with its verdict. `nowMs` is of a clock that never goes back. */
  run(bytes: Uint8Array, nowMs: number): Item[];
}
