/** What each folder of collector/src may import of ours; the table of ARCHITECTURE.md, checked by `npm run check`. */
const MAY_IMPORT = {
  core: [],
  otlp: ['core'],
  processors: ['core', 'otlp'],
  connectors: ['core', 'otlp'],
  listen: ['core'],
  keys: ['core', 'self'],
  access: ['core', 'self'],
  receivers: ['core', 'otlp', 'listen', 'self'],
  journal: ['core', 'self'],
  exporters: ['core', 'otlp', 'self'],
  store: ['core', 'otlp', 'self'],
  query: ['core', 'otlp', 'store'],
  alerts: ['core', 'self'],
  objectives: ['core', 'query', 'self'],
  probes: ['core', 'query', 'self'],
  status: ['core', 'query', 'self'],
  api: ['core', 'query', 'alerts', 'objectives', 'probes', 'status', 'listen', 'keys', 'access', 'self'],
  'back-office': [
    'core',
    'config',
    'otlp',
    'processors',
    'journal',
    'exporters',
    'store',
    'query',
    'alerts',
    'keys',
    'access',
    'api',
    'self',
  ],
  self: ['core'],
};

const REASONS = {
  core: 'core holds the contracts between stages: it depends on nothing, so that everything can depend on it',
  otlp: 'otlp is pure: bytes in, bytes and values out',
  processors: 'processors are pure: a payload in, a payload out',
  connectors: 'connectors are pure state machines: one scan in, telemetry out',
  listen: 'listen opens ports; it does not know what is said on them',
  keys: 'keys say who sends; receivers see them as a Gate',
  access: 'access says who a person or machine is; what each may do is asked by the API',
  receivers: 'receivers know only the next stage, as a Sink',
  journal: 'the journal is bytes in, bytes out; it does not know what they mean',
  exporters: 'exporters know neither each other nor who feeds them',
  store: 'the store is one more destination; it is asked through query',
  query: 'query is the one interface to what is kept, whatever keeps it',
  alerts: 'the alert book keeps what it is told; it asks nobody',
  objectives: 'objectives are evaluated through query only',
  probes: 'probes are reported through query only',
  status: 'the status page shows what query says, never the pipeline',
  api: 'the API asks query and the alert book; it must not reach into the store, the journal or the exporters',
  'back-office': 'the back office is the root of the worker thread; ingest and it talk by messages only',
  self: 'everybody uses self, so it may use nobody but core',
};

const TEST = '(\\.(test|fixture)\\.ts$)|(^|/)(testing|corpus)/';
const PURE = '^collector/src/(core|otlp|processors|connectors)/';

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `${REASONS[folder]} (allowed: ${allowed.join(', ') || 'nothing of ours'})`,
  severity: 'error',
  from: { path: `^collector/src/${folder}/`, pathNot: TEST },
  to: { path: '^collector/', pathNot: `^collector/src/(${[folder, ...allowed].join('|')})/` },
}));

export default {
  forbidden: [
    ...folderRules,
    {
      name: 'sections-only-in-config',
      comment: 'config assembles the schema of each part; it takes nothing else of them',
      severity: 'error',
      from: { path: '^collector/src/config/', pathNot: TEST },
      to: { path: '^collector/', pathNot: '^collector/src/(config/|core/|.*/config\\.ts$)' },
    },
    {
      name: 'hash-imports-across-folders',
      comment: 'another folder is imported as #folder/..., the inside of a folder relatively',
      severity: 'error',
      from: { path: '^collector/src/([^/]+)/' },
      to: {
        path: '^collector/src/[^/]+/',
        pathNot: '^collector/src/$1/',
        dependencyTypesNot: ['aliased', 'aliased-subpath-import'],
      },
    },
    {
      name: 'app-is-the-root',
      comment:
        'app.ts wires everything; whoever imports it, other than main.ts and tests, turns the flow around',
      severity: 'error',
      from: { pathNot: ['^collector/src/[^/]+\\.ts$', '^collector/(test|bench)/', TEST] },
      to: { path: '^collector/src/(app|main)\\.ts$' },
    },
    {
      name: 'no-input-output-in-pure-folders',
      comment:
        'core, otlp, processors and connectors neither read nor write: no server, database, file or socket',
      severity: 'error',
      from: { path: PURE, pathNot: TEST },
      to: {
        path: '(^|/)(fastify|@fastify|@duckdb|winston)|^(node:)?(fs|net|http|https|http2|tls|dgram|dns|child_process|worker_threads|cluster)(/|$)',
      },
    },
    {
      name: 'duckdb-only-in-store',
      comment: 'DuckDB lives in one folder, so that it can be replaced and its limits are set once',
      severity: 'error',
      from: {
        path: '^(collector|scripts|examples)/',
        pathNot: ['^collector/src/store/', '^collector/(test|bench)/'],
      },
      to: { path: '@duckdb' },
    },
    {
      name: 'console-talks-http',
      comment: 'the console is browser code: of the collector it may only take types of the API',
      severity: 'error',
      from: { path: '^collector/console/' },
      to: { path: '^collector/src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'console-takes-api-types-only',
      comment: 'what the console knows of the collector is the schemas of the API',
      severity: 'error',
      from: { path: '^collector/console/' },
      to: { path: '^collector/src/', pathNot: '^collector/src/api/schemas/' },
    },
    {
      name: 'examples-stand-alone',
      comment: 'examples are there to be copied, so they use nothing of the collector',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(collector|scripts)/' },
    },
    {
      name: 'no-tests-in-production',
      comment: 'what runs must not need what tests it',
      severity: 'error',
      from: { path: '^(collector/(src|console/src)|scripts|examples)/', pathNot: TEST },
      to: { path: ['^collector/(test|bench)/', TEST] },
    },
    {
      name: 'no-dev-dependencies-in-production',
      comment: 'what the service imports must be there after npm ci --omit=dev',
      severity: 'error',
      from: { path: '^collector/src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      comment: 'a cycle has no order in which it can be loaded; types alone may refer to each other',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'a file that nobody imports is dead, or its test is missing',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '(^|/)\\.dependency-cruiser\\.mjs$',
          '\\.(test|config)\\.ts$',
          '\\.d\\.ts$',
          '^scripts/',
          '^examples/',
        ],
      },
      to: {},
    },
    {
      name: 'nothing-unresolved',
      comment: 'an import that leads nowhere fails only when it is reached',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^collector/console/dist/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^collector/console/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
