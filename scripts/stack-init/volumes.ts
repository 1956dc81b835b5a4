import { chmodSync, chownSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Owner {
  uid: number;
  gid: number;
}

/** Who uses the volumes of the stack, by their names in docker-compose.yml. */
export interface VolumeUsers {
  /** The user that its service runs as owns the top folder of a volume with data. */
  data: Readonly<Record<string, Owner>>;
  /** The group that reads a volume of secrets or configuration. It belongs to root, so no service can change it. */
  readers: Readonly<Record<string, number>>;
}

export const VOLUME_USERS = {
  data: {
    'alertmanager-data': { uid: 65534, gid: 65534 },
    'caddy-data': { uid: 10002, gid: 10002 },
    'collector-data': { uid: 1000, gid: 1000 },
    'grafana-data': { uid: 472, gid: 0 },
    'loki-data': { uid: 10001, gid: 10001 },
    'prometheus-data': { uid: 65534, gid: 65534 },
    'tempo-data': { uid: 10001, gid: 10001 },
  },
  readers: {
    'alertmanager-config': 65534,
    'caddy-secrets': 10002,
    'collector-secrets': 1000,
    'grafana-secrets': 0,
    'machine-secrets': 65534,
  },
} as const satisfies VolumeUsers;

/**
 * Gives every volume below `root` to who uses it; what is right already is left alone. Only top folders: what
 * is inside belongs to whoever wrote it. Throws when a volume is not mounted.
 */
export function giveVolumes(root: string, users: VolumeUsers): void {
  for (const name of [...Object.keys(users.data), ...Object.keys(users.readers)]) {
    if (!statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(
        `${join(root, name)} is missing. This program is the service init of docker-compose.yml.`,
      );
    }
  }
  for (const [name, owner] of Object.entries(users.data)) give(join(root, name), owner);
  const uid = process.geteuid?.() ?? 0;
  for (const [name, gid] of Object.entries(users.readers)) {
    // Ours first: without CAP_FOWNER only the owner may change a mode.
    give(join(root, name), { uid, gid });
    chmodSync(join(root, name), 0o750);
  }
}

function give(path: string, { gid, uid }: Owner): void {
  const now = statSync(path);
  if (now.uid !== uid || now.gid !== gid) chownSync(path, uid, gid);
}
