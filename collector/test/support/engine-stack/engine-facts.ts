/** The engines of the stack that tests run: in the order in which they start. */
export const ENGINE_NAMES = ['prometheus', 'loki', 'tempo', 'alertmanager'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** What is known of an engine's image. Paths are those in the container. */
export interface EngineFacts {
  /** The image's entry point. */
  program: string;
  uid: number;
  /** It listens on all of these; the first answers queries. */
  ports: readonly [number, ...number[]];
  readyPath: string;
  /** A file or folder of the repository, and where the container has it. */
  config: { from: string; to: string; main: string };
  dataDir: string;
}

export const ENGINES: Readonly<Record<EngineName, EngineFacts>> = {
  prometheus: {
    program: '/bin/prometheus',
    uid: 65534,
    ports: [9090],
    readyPath: '/-/ready',
    config: { from: 'prometheus', to: '/etc/prometheus', main: '/etc/prometheus/prometheus.yml' },
    dataDir: '/prometheus',
  },
  loki: {
    program: '/usr/bin/loki',
    uid: 10001,
    ports: [3100, 9095],
    readyPath: '/ready',
    config: { from: 'loki/loki.yaml', to: '/etc/loki/loki.yaml', main: '/etc/loki/loki.yaml' },
    dataDir: '/loki',
  },
  tempo: {
    program: '/tempo',
    uid: 10001,
    ports: [3200, 9096, 4318],
    readyPath: '/ready',
    config: { from: 'tempo/tempo.yaml', to: '/etc/tempo/tempo.yaml', main: '/etc/tempo/tempo.yaml' },
    dataDir: '/var/tempo',
  },
  alertmanager: {
    program: '/bin/alertmanager',
    uid: 65534,
    ports: [9093],
    readyPath: '/-/ready',
    config: {
      from: 'alertmanager/alertmanager.yml',
      to: '/etc/alertmanager/alertmanager.yml',
      main: '/etc/alertmanager/alertmanager.yml',
    },
    dataDir: '/alertmanager',
  },
};

/** Names that the configuration files use; in an engine's root all of them are this machine. */
export const HOST_NAMES = ['collector', ...ENGINE_NAMES, 'grafana'];
