/** Names of the rules that are built in. */
export const BUILT_IN = ['health_checks', 'static_files'] as const;

/** Attributes of a served request that hold its path (semantic conventions, HTTP; `http.target` until 1.20). */
export const PATH_KEYS = ['http.route', 'url.path', 'http.target', 'url.full'] as const;

const HEALTH_PATHS = new Set([
  '/health',
  '/healthz',
  '/healthcheck',
  '/health-check',
  '/health_check',
  '/_health',
  '/livez',
  '/readyz',
  '/live',
  '/ready',
  '/liveness',
  '/readiness',
  '/ping',
  '/up',
  '/-/healthy',
  '/-/ready',
  '/actuator/health',
  '/api/health',
  '/api/healthz',
]);
const HEALTH_PREFIXES = ['/health/', '/healthz/', '/livez/', '/readyz/', '/actuator/health/'];
const STATIC_FILE = /\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|otf|eot|webmanifest)$/;
/** Long enough for what is looked for; a URL may be of any length. */
const MAX_CHARS = 2048;

/** The path of the value of any of `PATH_KEYS`: without scheme, host, query and fragment, in lower case. */
export function pathOf(value: string): string {
  let text = value.slice(0, MAX_CHARS);
  const scheme = text.indexOf('://');
  if (scheme > 0 && !text.startsWith('/')) {
    const slash = text.indexOf('/', scheme + 3);
    text = slash < 0 ? '/' : text.slice(slash);
  }
  const end = text.search(/[?#]/);
  return (end < 0 ? text : text.slice(0, end)).toLowerCase();
}

/** Whether probes ask for this path, as `pathOf` gives it. */
export function isHealthCheck(path: string): boolean {
  const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  return HEALTH_PATHS.has(bare) || HEALTH_PREFIXES.some((prefix) => bare.startsWith(prefix));
}

/** Whether this path, as `pathOf` gives it, is that of an image, style, script or font. */
export function isStaticFile(path: string): boolean {
  return STATIC_FILE.test(path);
}
