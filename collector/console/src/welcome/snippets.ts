export const LANGUAGES = ['Node.js', 'Python', 'Java', 'Go', 'curl'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Step {
  title: string;
  code: string;
}

interface SnippetContext {
  /** Where OTLP/HTTP is received, without a path. */
  url: string;
  /** Milliseconds since 1970: the span that curl sends is from now. */
  now: number;
}

/**
 * The least that sends telemetry in a language, with the variables of the OpenTelemetry specification
 * ("OpenTelemetry Protocol Exporter" and "General SDK Configuration").
 */
export function snippet(language: Language, context: SnippetContext): Step[] {
  switch (language) {
    case 'Node.js':
      return nodeSteps(context.url);
    case 'Python':
      return pythonSteps(context.url);
    case 'Java':
      return javaSteps(context.url);
    case 'Go':
      return goSteps(context.url);
    case 'curl':
      return curlSteps(context);
  }
}

function environment(url: string): string[] {
  return [
    'export OTEL_SERVICE_NAME=my-app',
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${url}`,
    'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
  ];
}

function nodeSteps(url: string): Step[] {
  return [
    {
      title: 'Add the SDK',
      code: 'npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node',
    },
    {
      title: 'Start your app with it',
      code: [
        ...environment(url),
        'export OTEL_METRICS_EXPORTER=otlp OTEL_LOGS_EXPORTER=otlp OTEL_NODE_RESOURCE_DETECTORS=env,host',
        '# an app of ES modules also needs --experimental-loader=@opentelemetry/instrumentation/hook.mjs',
        'node --import @opentelemetry/auto-instrumentations-node/register app.js',
      ].join('\n'),
    },
  ];
}

function pythonSteps(url: string): Step[] {
  return [
    {
      title: 'Add the SDK',
      code: 'pip install opentelemetry-distro opentelemetry-exporter-otlp\nopentelemetry-bootstrap -a install',
    },
    {
      title: 'Start your app with it',
      code: [...environment(url), 'opentelemetry-instrument python app.py'].join('\n'),
    },
  ];
}

function javaSteps(url: string): Step[] {
  return [
    {
      title: 'Get the agent',
      code: 'curl -LO https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/latest/download/opentelemetry-javaagent.jar',
    },
    {
      title: 'Start your app with it',
      code: [...environment(url), 'java -javaagent:opentelemetry-javaagent.jar -jar app.jar'].join('\n'),
    },
  ];
}

function goSteps(url: string): Step[] {
  return [
    {
      title: 'Add the SDK',
      code: [
        'go get go.opentelemetry.io/otel go.opentelemetry.io/otel/sdk \\',
        '  go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp \\',
        '  go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp',
      ].join('\n'),
    },
    {
      title: 'Set it up in main()',
      code: [
        'exporter, err := otlptracehttp.New(ctx)',
        'if err != nil { log.Fatal(err) }',
        'provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))',
        'defer provider.Shutdown(ctx)',
        'otel.SetTracerProvider(provider)',
        'handler := otelhttp.NewHandler(mux, "server")',
      ].join('\n'),
    },
    { title: 'Start it', code: [...environment(url), 'go run .'].join('\n') },
  ];
}

const HEX = '0123456789abcdef';

function hexOf(length: number, seed: number): string {
  let state = seed >>> 0 || 1;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += HEX[state >>> 28];
  }
  return text;
}

function curlSteps({ url, now }: SnippetContext): Step[] {
  const startMs = BigInt(now - 42);
  const span = {
    traceId: hexOf(32, now),
    spanId: hexOf(16, now + 1),
    name: 'hello',
    kind: 2,
    startTimeUnixNano: String(startMs * 1_000_000n),
    endTimeUnixNano: String(BigInt(now) * 1_000_000n),
  };
  const body = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'my-app' } }] },
        scopeSpans: [{ scope: { name: 'curl' }, spans: [span] }],
      },
    ],
  };
  const json = JSON.stringify(body);
  return [
    {
      title: 'Send one span',
      code: `curl -i ${url}/v1/traces -H 'content-type: application/json' \\\n  -d '${json}'`,
    },
  ];
}
