import type { RunningApp } from './app.ts';

/** What is printed when everything listens. The link logs a browser in. */
export function banner(app: RunningApp, facts: { version: string; dataDir: string; startupMs: number }): string {
  return `
  Signalbox ${facts.version} is up (${(facts.startupMs / 1000).toFixed(2)} s)

  Console    ${app.consoleUrl}/?token=${app.operatorToken}
  OTLP/HTTP  ${app.otlpHttpUrl}   (POST /v1/traces, /v1/metrics, /v1/logs)
  Data       ${facts.dataDir}

  Point an app at it: OTEL_EXPORTER_OTLP_ENDPOINT=${app.otlpHttpUrl}
  Stop with Ctrl+C.

`;
}
