const READY = 'http://127.0.0.1:8080/readyz';
const TIMEOUT_MS = 4000;

/** Asks `url` as the health check of a container does. Null when it answers 200, else what is wrong. */
export async function faultOf(url: string): Promise<string | null> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    return status === 200 ? null : `${url} answers ${status}`;
  } catch (error) {
    const { cause, message } = error as Error;
    return `${url}: ${cause instanceof Error ? cause.message : message}`;
  }
}

if (import.meta.main) {
  const fault = await faultOf(process.argv[2] ?? READY);
  if (fault !== null) process.stderr.write(`${fault}\n`);
  process.exitCode = fault === null ? 0 : 1;
}
