import { mebibytes, type Service } from './compose-file.ts';

/** What the rules need to know besides the service. */
export interface Facts {
  /** Version of the project: the tag of its own images. */
  version: string;
  /** Whether a path, relative to the repository's root, exists. */
  exists(path: string): boolean;
}

/** Says what is wrong with a service; nothing when it keeps the rule. */
export type ServiceRule = (service: Service, context: Facts & { name: string }) => (string | false)[];

/** They answer whoever reaches them, so nobody outside may. */
export const ENGINES = ['prometheus', 'loki', 'tempo', 'alertmanager'];
const LOOPBACK = `\${STACK_BIND_ADDRESS:-127.0.0.1}:`;
const NETWORKS: Readonly<Record<string, string[]>> = {
  collector: ['edge', 'internal'],
  prometheus: ['internal'],
  loki: ['internal'],
  tempo: ['internal'],
  alertmanager: ['edge', 'internal'],
  grafana: ['edge', 'internal'],
  demo: ['edge'],
  caddy: ['edge'],
  mailpit: ['edge'],
};
/** Seconds to write out what is in memory. */
const GRACE: Readonly<Record<string, number>> = {
  collector: 30,
  grafana: 60,
  ...Object.fromEntries(ENGINES.map((name) => [name, 60])),
  tempo: 15,
};
const isOwn = ({ image = '' }: Service) => image.startsWith('signalbox/');

/** The rules that a service can be excused from, with a reason, and those that none is. */
export const SERVICE_RULES: Readonly<Record<string, ServiceRule>> = {
  user: ({ user = 'none' }) => [
    !/^[1-9]\d*:\d+$/.test(user) && `runs as ${user}, not as UID:GID other than root`,
  ],

  capabilities: ({ cap_add = [], cap_drop = [], privileged = false }) => [
    !(cap_drop.length === 1 && cap_drop[0] === 'ALL') && 'does not drop ALL capabilities',
    cap_add.length > 0 && `adds the capabilities ${cap_add.join(', ')}`,
    privileged && 'is privileged',
  ],

  restart: ({ restart = 'none' }) => [restart !== 'unless-stopped' && `has the restart policy ${restart}`],

  healthcheck: ({ healthcheck = {} }) => {
    const { disable = false, test } = healthcheck;
    const missing = ['interval', 'timeout', 'retries', 'start_period'].filter((key) => !(key in healthcheck));
    const asks = Array.isArray(test) && test[0] === 'CMD' && test.length > 1;
    return [
      (!asks || disable) && 'has no health check that runs a program',
      asks && missing.length > 0 && `its health check has no ${missing.join(', ')}`,
    ];
  },

  networks: ({ network_mode, networks = [] }, { name }) => [
    network_mode !== undefined && `has the network mode ${network_mode}`,
    network_mode === undefined &&
      networks.join() !== NETWORKS[name]?.join() &&
      `is in the networks ${networks.join(', ') || '(default)'}, not in ${NETWORKS[name]?.join(', ') ?? 'any that were meant'}`,
  ],

  published: ({ ports = [] }) =>
    ports.map((port) => !String(port).startsWith(LOOPBACK) && `publishes ${port} without ${LOOPBACK}`),

  go_memory({ deploy, environment = {}, ...service }) {
    const share = mebibytes(environment.GOMEMLIMIT) / mebibytes(deploy?.resources?.limits?.memory);
    return [
      !isOwn(service) &&
        !(share >= 0.8 && share <= 0.92) &&
        'its GOMEMLIMIT is not 80 to 92 % of its memory limit',
    ];
  },
};

export const STRICT_RULES: Readonly<Record<string, ServiceRule>> = {
  pinned: ({ image = 'nothing' }) => [
    !/^[a-z\d./-]+:v?\d+\.\d+\.\d+[\w.-]*(@sha256:[\da-f]{64})?$/.test(image) &&
      `${image} is not pinned to a version`,
  ],

  own_image(service, { version }) {
    if (!isOwn(service)) return [];
    return [
      !service.image?.endsWith(`:${version}`) &&
        `${service.image} is not the version ${version} of package.json`,
      service.pull_policy !== 'never' &&
        'would be pulled from a registry, where somebody else can own the name',
      service.build === undefined && 'has no build',
    ];
  },

  memory: ({ cpus, deploy }) => {
    const { cpus: share, memory } = deploy?.resources?.limits ?? {};
    return [
      !(mebibytes(memory) > 0) && 'has no memory limit',
      (cpus ?? share) !== undefined && 'is limited in cpus, which smaller machines refuse',
    ];
  },

  grace({ stop_grace_period = '' }, { name }) {
    const seconds = Number(/^(\d+)s$/.exec(stop_grace_period)?.[1] ?? Number.NaN);
    return [
      !(seconds >= (GRACE[name] ?? 1)) &&
        `has ${stop_grace_period || 'no time'} to stop, not ${GRACE[name] ?? 1}s`,
    ];
  },

  logging: ({ logging: { driver, options = {} } = {} }) => [
    !(
      driver === 'json-file' &&
      /^\d+[km]$/.test(options['max-size'] ?? '') &&
      /^\d+$/.test(options['max-file'] ?? '')
    ) && 'its log can fill the disk: json-file with max-size and max-file',
  ],

  read_only: ({ read_only = false }) => [!read_only && 'can write to its root'],

  privileges: ({ security_opt = [] }) => [
    !security_opt.includes('no-new-privileges:true') && 'can gain privileges',
  ],

  engines: ({ ports = [] }, { name }) => [
    ENGINES.includes(name) && ports.length > 0 && `publishes ${ports.join(', ')}, though it has no login`,
  ],

  secrets: ({ environment = {} }) =>
    Object.entries(environment).map(
      ([key, value]) =>
        /PASSWORD|TOKEN|SECRET|CREDENTIAL|KEY/.test(key) &&
        !key.endsWith('_FILE') &&
        !/^(?:\$\{\w+:-)?(?:true|false)\}?$/.test(String(value)) &&
        `${key} puts a secret into the environment; use a file`,
    ),

  mounts: ({ volumes = [] }, { exists, name }) =>
    volumes.flatMap((mount) => mountMistakes(mount, { exists, name })),

  command: ({ command = [] }) => [
    !(Array.isArray(command) && command.every((word) => typeof word === 'string' && !word.includes('${'))) &&
      'its command is not a list of words without variables, as the tests of the engines need it',
  ],

  depends_on: ({ depends_on = {} }, { name }) => [
    Array.isArray(depends_on) && 'depends on others without a condition',
    ...Object.entries(depends_on).map(
      ([other, { condition }]) =>
        condition !== (other === 'init' ? 'service_completed_successfully' : 'service_healthy') &&
        `waits for ${other} with ${condition ?? 'no condition'}`,
    ),
    name === 'collector' &&
      Object.keys(depends_on).join() !== 'init' &&
      'waits for engines, though its journal holds what comes meanwhile',
  ],
};

function mountMistakes(mount: string, { exists, name }: { exists(path: string): boolean; name: string }) {
  const [source = '', , mode] = mount.split(':');
  const isRepository = source.startsWith('./');
  return [
    isRepository && !exists(source.slice(2)) && `mounts ${source}, which is not there`,
    isRepository && mode !== 'ro' && `could change ${source}`,
    !isRepository && /^[./~$]/.test(source) && `mounts ${source} of the host`,
    /-(secrets|config)$/.test(source) && mode !== 'ro' && name !== 'init' && `could change ${source}`,
  ];
}
