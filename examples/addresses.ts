/** The processes of the demo; each listens on the port at its place after the first one. */
export const serviceNames = [
  'shop',
  'inventory',
  'payment',
  'orders-queue',
  'worker',
  'assistant',
  'model-stand-in',
] as const;

export type ServiceName = (typeof serviceNames)[number];

const firstPort = 4380;

/**
 * The port of a service: from DEMO_PORTS (`shop=4380,inventory=4381,...`), else counted from 4380.
 * A mistake in DEMO_PORTS throws, since nothing could be reached with it.
 */
export function portOf(name: ServiceName): number {
  const given = process.env.DEMO_PORTS?.split(',').find((entry) => entry.startsWith(`${name}=`));
  const port = given ? Number(given.slice(name.length + 1)) : firstPort + serviceNames.indexOf(name);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`DEMO_PORTS gives ${name} the port "${given}"; it must be between 1 and 65535`);
  }
  return port;
}

/** The base URL of a service, without a slash at its end. */
export function urlOf(name: ServiceName): string {
  return `http://127.0.0.1:${portOf(name)}`;
}
