import { chmod, chown, copyFile, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { engineBinaries } from '../../../scripts/engines/binaries.ts';
import type { RootImage } from './root-image.ts';

type Binaries = ReturnType<typeof engineBinaries>;

const NOBODY = 65_534;
const GRAFANA = 472;
const ENGINE = 10_001;
/** Debian's package busybox-static. */
const BUSYBOX = '/bin/busybox';

/**
 * The engines' images under the names that docker-compose.yml pins, made of the same programs: Prometheus, Alertmanager
 * and Grafana with a shell and wget, Loki and Tempo without, users and entry points as in the published images.
 */
export async function engineImages(images: Record<string, string>, binaries: Binaries): Promise<RootImage[]> {
  return Promise.all([
    imageOf(images.prometheus!, {
      files: { '/bin/prometheus': binaries.prometheus, '/bin/promtool': binaries.promtool },
      user: NOBODY,
      entrypoint: ['/bin/prometheus'],
      data: '/prometheus',
      tools: ['sh', 'wget'],
    }),
    imageOf(images.alertmanager!, {
      files: { '/bin/alertmanager': binaries.alertmanager, '/bin/amtool': binaries.amtool },
      user: NOBODY,
      entrypoint: ['/bin/alertmanager'],
      data: '/alertmanager',
      tools: ['sh', 'wget'],
    }),
    imageOf(images.loki!, {
      files: { '/usr/bin/loki': binaries.loki },
      user: ENGINE,
      entrypoint: ['/usr/bin/loki'],
      data: '/loki',
      tools: [],
    }),
    // 1.5.0 cannot ask itself whether it is well, so the stand-in has a wget that its healthcheck uses.
    imageOf(images.tempo!, {
      files: { '/tempo': binaries.tempo },
      user: ENGINE,
      entrypoint: ['/tempo'],
      data: '/var/tempo',
      tools: ['wget'],
    }),
    imageOf(images.grafana!, {
      files: {},
      user: GRAFANA,
      entrypoint: ['/bin/httpd'],
      data: '/var/lib/grafana',
      tools: ['sh', 'wget', 'httpd'],
      texts: { '/www/api/health': '{"database":"ok","version":"stand-in"}\n' },
    }),
  ]);
}

interface Content {
  files: Record<string, string>;
  user: number;
  entrypoint: readonly string[];
  data: string;
  tools: readonly string[];
  texts?: Record<string, string>;
}

async function imageOf(name: string, content: Content): Promise<RootImage> {
  const { data, entrypoint, files, texts = {}, tools, user } = content;
  const sources = [...Object.values(files), ...(tools.length > 0 ? [BUSYBOX] : [])];
  const stamps = await Promise.all(sources.map(async (path) => `${path} ${(await stat(path)).mtimeMs}`));
  return {
    name,
    key: JSON.stringify([content, stamps]),
    settings: [`USER ${user}`, `ENTRYPOINT ${JSON.stringify(entrypoint)}`, 'ENV PATH=/bin:/usr/bin'],
    async fill(root) {
      for (const [target, source] of Object.entries(files)) await put(root, target, source);
      for (const [target, text] of Object.entries(texts)) {
        await mkdir(dirname(join(root, target)), { recursive: true });
        await writeFile(join(root, target), text);
      }
      if (tools.length > 0) await put(root, '/bin/busybox', BUSYBOX);
      for (const tool of tools) await symlink('busybox', join(root, 'bin', tool));
      await mkdir(join(root, data), { recursive: true });
      await chown(join(root, data), user, user);
      await mkdir(join(root, 'tmp'));
      await chmod(join(root, 'tmp'), 0o1777);
    },
  };
}

async function put(root: string, target: string, source: string): Promise<void> {
  const path = join(root, target);
  await mkdir(dirname(path), { recursive: true });
  await copyFile(source, path);
  await chmod(path, 0o755);
}
