/** An answer of another service: its status and body, or why there was none. */
export type CallOutcome<T> =
  | { kind: 'ok'; status: number; body: T }
  | { kind: 'refused'; status: number; message: string }
  | { kind: 'unreachable'; message: string };

/** Calls another service with JSON; trace context travels by itself, the fetch instrumentation adds it. */
export async function callJson<T>(
  url: string,
  request: { method: 'GET' | 'POST'; body?: unknown; timeoutMs?: number },
): Promise<CallOutcome<T>> {
  try {
    const response = await fetch(url, {
      method: request.method,
      signal: AbortSignal.timeout(request.timeoutMs ?? 5_000),
      ...(request.body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request.body) }),
    });
    const body = (await response.json()) as T & { error?: string };
    if (response.ok) return { kind: 'ok', status: response.status, body };
    return { kind: 'refused', status: response.status, message: body.error ?? response.statusText };
  } catch (error) {
    return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
  }
}
