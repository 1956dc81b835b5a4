import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTEN = '0A';

/** An address that a process listens on, IPv4 or IPv6 as the kernel writes it. */
export interface Listening {
  /** Hexadecimal, `0100007F` is 127.0.0.1. */
  address: string;
  port: number;
}

/** TCP sockets that process `pid` listens on, in whatever network namespace it is. */
export function listeningSockets(pid: number): Listening[] {
  const inodes = new Set(socketInodes(pid));
  const lines = ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n').slice(1),
  );
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    if (state !== LISTEN || !inodes.has(inode)) return [];
    const [address = '', port = ''] = local.split(':');
    return [{ address, port: Number.parseInt(port, 16) }];
  });
}

function socketInodes(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return []; // Closed meanwhile.
    }
  });
}

/** What runs a program in a network that has nothing but loopback, under its own process id; `before` is more of shell. */
export function inOwnNetwork(before = 'true'): string[] {
  const flags = process.getuid?.() === 0 ? '-n' : '-rn';
  return ['unshare', flags, 'sh', '-c', `ip link set lo up && ${before} && exec "$0" "$@"`];
}
