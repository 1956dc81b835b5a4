import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';

const ROUTES = [
  '/api/products',
  '/api/products/{id}',
  '/api/cart',
  '/api/checkout',
  '/api/orders/{id}',
  '/health',
];
const SERVICES = ['frontend', 'cart', 'checkout', 'payment', 'inventory'];

/** Numbers from 0 up to, not including, 1; the same at each run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

const random = createRandom(7);
const hex = (digits: number) =>
  Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16))
    .join('')
    .replace(/^0/, '1');
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const integer = (key: string, value: number) => ({ key, value: { intValue: String(value) } });

/**
 * Export requests for traces as instrumented HTTP servers send them: 11 attributes, every tenth span an error
 * with an exception event. `spans` a request; start times within the hour after `startUnixNano`.
 */
export function sampleTraceRequests(shape: {
  requests: number;
  spans: number;
  startUnixNano: bigint;
  /** An attribute of every span. */
  note?: string;
}): Uint8Array[] {
  return Array.from({ length: shape.requests }, (_, index) => {
    const service = SERVICES[index % SERVICES.length]!;
    const spans = Array.from({ length: shape.spans }, () => sampleSpan(shape.startUnixNano, shape.note));
    const resource = {
      attributes: [
        text('service.name', service),
        text('service.version', '1.4.2'),
        text('host.name', 'node-3'),
      ],
    };
    const request = {
      resourceSpans: [
        {
          resource,
          scopeSpans: [{ scope: { name: '@opentelemetry/instrumentation-http', version: '0.301.0' }, spans }],
        },
      ],
    };
    const encoded = jsonToProtobuf('traces', Buffer.from(JSON.stringify(request)));
    if (!encoded.ok) throw new Error(encoded.message);
    return encoded.bytes;
  });
}

function sampleSpan(startUnixNano: bigint, note: string | undefined): Record<string, unknown> {
  const route = ROUTES[Math.floor(random() * ROUTES.length)]!;
  const start = startUnixNano + BigInt(Math.floor(random() * 3600e9));
  const failed = random() < 0.1;
  return {
    traceId: hex(32),
    spanId: hex(16),
    parentSpanId: hex(16),
    name: `GET ${route}`,
    kind: 2,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(Math.floor(random() ** 3 * 2e9))),
    attributes: [
      text('http.request.method', 'GET'),
      text('http.route', route),
      text('url.scheme', 'http'),
      text('url.path', route.replace('{id}', String(Math.floor(random() * 10_000)))),
      integer('http.response.status_code', failed ? 500 : 200),
      text('server.address', 'shop.example'),
      integer('server.port', 8443),
      text('client.address', `10.0.${Math.floor(random() * 255)}.${Math.floor(random() * 255)}`),
      text('user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0'),
      text('network.protocol.version', '1.1'),
      text('app.tenant', `tenant-${Math.floor(random() * 40)}`),
      ...(note === undefined ? [] : [text('note', note)]),
    ],
    events: failed ? [exception(start)] : [],
    status: failed ? { code: 2, message: 'upstream timed out' } : {},
  };
}

function exception(start: bigint): Record<string, unknown> {
  return {
    timeUnixNano: String(start + 1000n),
    name: 'exception',
    attributes: [
      text('exception.type', 'TimeoutError'),
      text('exception.message', 'upstream timed out after 2000 ms'),
    ],
  };
}
