import { setImmediate as turn } from 'node:timers/promises';
import type { JournalFile, JournalFileSystem } from '../file-system.ts';

/** From 0 up to, not including, 1. */
export type Random = () => number;

interface Write {
  position: number;
  bytes: Uint8Array;
}

interface SimulatedFile {
  /** What every program reads now. */
  current: Uint8Array;
  /** What a power failure surely leaves. */
  durable: Uint8Array;
  /** Since the last sync, in order. */
  unsynced: (Write | { truncate: number })[];
}

/** A disk in memory that keeps what was synced and loses, tears and reorders the rest in a crash. */
export interface SimulatedDisk {
  /** The disk as one process sees it, until that is ended by `crash` or `endProcess`. */
  connect(): JournalFileSystem;
  /** Power failure: names and bytes that were not synced are there, not there, or there in part. */
  crash(random: Random): void;
  /** The end of the process alone: all that was written stays. */
  endProcess(): void;
  /** The next calls of this kind throw, as often as told. */
  fail(what: 'write' | 'sync' | 'create', times: number): void;
  /** Changes bytes of a file where it lies. */
  damage(path: string, change: (bytes: Uint8Array) => Uint8Array): void;
  read(path: string): Uint8Array;
  paths(): string[];
}

const SECTOR_BYTES = 512;

export function createSimulatedDisk(): SimulatedDisk {
  const files = new Map<string, SimulatedFile>();
  /** Names as a power failure leaves them; a removed name may come back, a new one may be missing. */
  let durableNames = new Map<string, SimulatedFile>();
  const failures = { write: 0, sync: 0, create: 0 };
  let epoch = 0;

  function maybeFail(what: keyof typeof failures, code: string): void {
    if (failures[what] === 0) return;
    failures[what]--;
    throw new Error(code);
  }

  function open(file: SimulatedFile, alive: () => void): JournalFile {
    return {
      async write(chunks, position) {
        await turn();
        alive();
        let at = position;
        const failing = failures.write > 0;
        for (const bytes of failing ? chunks.slice(0, 1) : chunks) {
          apply(file, { position: at, bytes: bytes.slice() });
          at += bytes.length;
        }
        maybeFail('write', 'ENOSPC: no space left on device');
      },
      async sync() {
        await turn();
        alive();
        const covered = file.unsynced.length;
        await turn();
        alive();
        if (failures.sync > 0) {
          // As Linux does: the pages count as clean from now on, whatever became of them.
          file.unsynced.splice(0, covered);
          maybeFail('sync', 'EIO: i/o error');
        }
        for (const one of file.unsynced.splice(0, covered)) file.durable = applied(file.durable, one);
      },
      async read(into, position) {
        await turn();
        alive();
        const found = file.current.subarray(position, position + into.length);
        into.set(found);
        return found.length;
      },
      async truncate(length) {
        alive();
        apply(file, { truncate: length });
      },
      size: async () => file.current.length,
      close: async () => undefined,
    };
  }

  function connect(): JournalFileSystem {
    const born = epoch;
    const alive = () => {
      if (born !== epoch) throw new Error('this process has ended');
    };
    return {
      makeFolder: async () => undefined,
      list: async (folder) =>
        [...files.keys()]
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1))
          .sort(),
      async create(path) {
        alive();
        maybeFail('create', 'ENOSPC: no space left on device');
        if (files.has(path)) throw new Error(`EEXIST: ${path}`);
        const file: SimulatedFile = { current: new Uint8Array(), durable: new Uint8Array(), unsynced: [] };
        files.set(path, file);
        return open(file, alive);
      },
      async open(path) {
        alive();
        const file = files.get(path);
        if (file === undefined) throw missing(path);
        return open(file, alive);
      },
      async rename(from, to) {
        alive();
        const file = files.get(from);
        if (file === undefined) throw missing(from);
        files.delete(from);
        files.set(to, file);
      },
      async remove(path) {
        alive();
        files.delete(path);
      },
      exists: async (path) => files.has(path),
      async syncFolder() {
        await turn();
        alive();
        durableNames = new Map(files);
      },
    };
  }

  return {
    connect,
    crash(random) {
      epoch++;
      const names = new Set([...files.keys(), ...durableNames.keys()]);
      for (const name of names) {
        const now = files.get(name);
        const then = durableNames.get(name);
        const kept = now === then || random() < 0.5 ? now : then;
        if (kept === undefined) files.delete(name);
        else files.set(name, kept);
      }
      for (const file of files.values()) settle(file, random);
      durableNames = new Map(files);
    },
    endProcess() {
      epoch++;
    },
    fail(what, times) {
      failures[what] = times;
    },
    damage(path, change) {
      const file = files.get(path)!;
      file.current = change(file.current.slice());
      file.durable = file.current.slice();
      file.unsynced = [];
    },
    read: (path) => files.get(path)!.current,
    paths: () => [...files.keys()].sort(),
  };
}

function apply(file: SimulatedFile, change: SimulatedFile['unsynced'][number]): void {
  file.unsynced.push(change);
  file.current = applied(file.current, change);
}

function applied(content: Uint8Array, change: SimulatedFile['unsynced'][number]): Uint8Array {
  if ('truncate' in change) {
    const cut = new Uint8Array(change.truncate);
    cut.set(content.subarray(0, change.truncate));
    return cut;
  }
  const grown = new Uint8Array(Math.max(content.length, change.position + change.bytes.length));
  grown.set(content);
  grown.set(change.bytes, change.position);
  return grown;
}

/** What a power failure leaves of a file: each sector of each unsynced write made it or did not, in any order. */
function settle(file: SimulatedFile, random: Random): void {
  let content = file.durable;
  for (const change of file.unsynced) {
    if ('truncate' in change) {
      if (random() < 0.5) content = applied(content, change);
      continue;
    }
    for (let from = 0; from < change.bytes.length; from += SECTOR_BYTES) {
      if (random() < 0.4) continue;
      const bytes = change.bytes.subarray(from, from + SECTOR_BYTES);
      content = applied(content, { position: change.position + from, bytes });
    }
  }
  file.current = content;
  file.durable = content;
  file.unsynced = [];
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
}
