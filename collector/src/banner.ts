import type { RunningApp } from './app.ts';

/** What is printed when everything listens. The link logs a browser in; a token that was configured is not shown. */
export function banner(
  app: RunningApp,
  facts: {
    version: string;
    dataDir: string;
    startupMs: number;
    isTokenConfigured: boolean;
    /** Where people are told to send to; '' where it listens. */
    publicUrl: string;
  },
): string {
  const link = facts.isTokenConfigured ? '   (log in with your token)' : `/login#token=${app.operatorToken}`;
  return `
  Signalbox ${facts.version} is up (${(facts.startupMs / 1000).toFixed(2)} s)

  Console    ${app.consoleUrl}${link}
  OTLP/HTTP  ${app.otlpHttpUrl}   (POST /v1/traces, /v1/metrics, /v1/logs)
  OTLP/gRPC  ${app.otlpGrpcUrl}
  Data       ${facts.dataDir}

  Point an app at it: OTEL_EXPORTER_OTLP_ENDPOINT=${facts.publicUrl || app.otlpHttpUrl}
  Stop with Ctrl+C.

`;
}
