import { chmod, copyFile, cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../../scripts/engines/binaries.ts';
import type { RootImage } from './root-image.ts';
import { run, runOk } from './run.ts';

const DEBIAN = 'bookworm';
/** What the image of Node has of Debian's besides the base. */
const PACKAGES = 'ca-certificates,libatomic1';
/** Of the machine: npm inside the image asks the same registry through the same certificates. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * The Debian image with Node that collector/Dockerfile begins with: Debian by debootstrap, Node from the npm package of
 * that name, npm as it is on this machine.
 */
export async function nodeImage(name: string): Promise<RootImage> {
  const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node');
  const version = (await runOk(node, ['--version'])).trim();
  const npm = join((await runOk('npm', ['root', '--global'])).trim(), 'npm');
  const npmVersion = JSON.parse(await readFile(join(npm, 'package.json'), 'utf8')).version;
  return {
    name,
    key: JSON.stringify([DEBIAN, PACKAGES, version, npmVersion]),
    settings: [
      'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      `ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}`,
      'CMD ["node"]',
    ],
    async fill(root) {
      await runOk('tar', ['-C', root, '-xf', await debianArchive()]);
      await mkdir(join(root, 'usr/local/lib/node_modules'), { recursive: true });
      await copyFile(node, join(root, 'usr/local/bin/node'));
      await chmod(join(root, 'usr/local/bin/node'), 0o755);
      await cp(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true });
      for (const tool of ['npm', 'npx']) {
        const target = `../lib/node_modules/npm/bin/${tool}-cli.js`;
        await symlink(target, join(root, 'usr/local/bin', tool));
      }
      await copyFile(CERTIFICATES, join(root, CERTIFICATES));
      await runOk('chroot', [root, 'groupadd', '--gid', '1000', 'node']);
      const user = ['--uid', '1000', '--gid', 'node', '--shell', '/bin/bash', '--create-home', 'node'];
      await runOk('chroot', [root, 'useradd', ...user]);
    },
  };
}

/** A minimal Debian as an archive, made once and kept in the cache folder. */
async function debianArchive(): Promise<string> {
  const folder = join(cacheFolder(), '../images');
  const archive = join(folder, `debian-${DEBIAN}-${PACKAGES.replace(',', '-')}.tar`);
  if ((await run('test', ['-s', archive])).code === 0) return archive;
  await mkdir(folder, { recursive: true });
  const root = join(folder, `.making-${process.pid}`);
  try {
    await runOk('debootstrap', ['--variant=minbase', `--include=${PACKAGES}`, DEBIAN, root]);
    await runOk('rm', ['-rf', join(root, 'var/cache/apt'), join(root, 'var/lib/apt/lists')]);
    await runOk('tar', ['--numeric-owner', '-C', root, '-cf', `${archive}.new`, '.']);
    await runOk('mv', [`${archive}.new`, archive]);
  } finally {
    await runOk('rm', ['-rf', root]);
  }
  return archive;
}
