import type { SecretName } from './secrets.ts';
import type { Addresses, StackSettings } from './settings.ts';

/** Passwords and tokens to be told; one that is not here is not told. */
export type Told = Partial<Record<SecretName, string>>;

export const SHOW_COMMAND = 'docker compose run --rm init --show';

/** What is printed about the stack: where it is, and the passwords in `told`. */
export function announce({ isOpen, local, public: named }: StackSettings, told: Told): string {
  const lines = ['', ...addressLines(local, told)];
  if (named !== null) {
    lines.push('', '  With --profile tls:', ...addressLines(named, told), ...ingestLines(told));
  }
  if (isOpen) {
    lines.push('', `  Whoever reaches ${local.otlp} can send data: it does not ask who they are.`);
  }
  return [...lines, ''].join('\n');
}

function addressLines({ console: consoleUrl, grafana, otlp }: Addresses, told: Told): string[] {
  const token = told['operator-token'];
  const password = told['admin-password'];
  return [
    `  Console    ${consoleUrl}/${token === undefined ? '' : `login#token=${token}`}`,
    `  Grafana    ${grafana}/${password === undefined ? '' : `   user admin, first password ${password}`}`,
    `  OTLP/HTTP  ${otlp}`,
  ];
}

/** The header in the form of OTEL_EXPORTER_OTLP_HEADERS (OpenTelemetry specification, "OTLP exporter"). */
function ingestLines(told: Told): string[] {
  const token = told['ingest-token'];
  return token === undefined
    ? []
    : [`             OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20${token}`];
}
