import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { serviceNames } from '../examples/addresses.ts';

/** The ports of the demo's services by name, and of its control. */
export type DemoPorts = Record<(typeof serviceNames)[number] | 'control', number>;

/** The control's place after the first port; the places between are for services to come. */
export const controlPortOffset = 10;

/**
 * Gives every part of the demo a port of 127.0.0.1: one after the other from `portBase`, or with 0 any free
 * ones. Throws a message that names the first port that is taken.
 */
export async function choosePorts(portBase: number): Promise<DemoPorts> {
  const wanted = [
    ...serviceNames.map((name, index) => ({ name, port: portBase === 0 ? 0 : portBase + index })),
    { name: 'control' as const, port: portBase === 0 ? 0 : portBase + controlPortOffset },
  ];
  const held: Server[] = [];
  const ports: Partial<DemoPorts> = {};
  try {
    for (const { name, port } of wanted) {
      const server = await hold(port, name);
      held.push(server);
      ports[name] = (server.address() as AddressInfo).port;
    }
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
  return ports as DemoPorts;
}

function hold(port: number, name: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.code})`;
      const hint = 'Is another demo running? Other ports: npm run demo -- --port-base 5380';
      reject(new Error(`Port ${port}, wanted by the demo's ${name}, ${why}. ${hint}`));
    });
    server.listen({ host: '127.0.0.1', port }, () => resolve(server));
  });
}

/** Throws a message that says what to do when nothing listens at the OTLP endpoint. */
export async function requireEndpoint(endpoint: string): Promise<void> {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url?.protocol.startsWith('http')) {
    throw new Error(`The endpoint must be a URL like http://127.0.0.1:4318, not "${endpoint}".`);
  }
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const reached = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port, timeout: 3_000 });
    const settle = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false));
  });
  if (reached) return;
  throw new Error(
    `Nothing listens at ${endpoint}. Start Signalbox first with "npm start", or both at once with "npm start -- --demo". Another place: --endpoint URL or OTEL_EXPORTER_OTLP_ENDPOINT.`,
  );
}
