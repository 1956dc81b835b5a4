/** As much of an entry of package-lock.json (lockfileVersion 3) as is needed here. */
export interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];
const EXACT = /^\d+\.\d+\.\d+/;

/**
 * The entries that a lock file lacks for builds of other platforms: optional dependencies pinned to one
 * version whose name ends in a system and a processor. npm leaves them out when the registry it asks does not
 * carry them, and then `npm ci` refuses the lock file everywhere. System, processor and C library are read
 * from the name, so npm installs none of them where it does not fit.
 */
export function missingPlatformBuilds(
  packages: Readonly<Record<string, LockEntry>>,
): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      if (platform === null || !EXACT.test(version) || isInstalled(packages, path, name)) continue;
      const scope = entry.dev === true ? { dev: true } : {};
      missing[`node_modules/${name}`] = { version, ...platform, ...scope, optional: true };
    }
  }
  return missing;
}

/** npm looks beside and above: `a/node_modules/b` is served by `node_modules` of a, then of the root. */
function isInstalled(packages: Readonly<Record<string, LockEntry>>, path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}

function platformOf(name: string): { os: string[]; cpu: string[]; libc?: string[] } | null {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (os === undefined || cpu === undefined) return null;
  const libc = words.at(-1)?.startsWith('musl') ? 'musl' : words.at(-1)?.startsWith('gnu') ? 'glibc' : null;
  return { os: [os], cpu: [cpu], ...(libc === null ? {} : { libc: [libc] }) };
}
