/** What a check found. `warn` still counts as ready. */
export interface CheckResult {
  status: 'pass' | 'warn' | 'fail';
  /** For people: what is wrong and, if known, what to do. */
  message?: string;
  observedValue?: number | string;
  observedUnit?: string;
}

export interface CheckReport extends CheckResult {
  /** As registered: `component:measurement`. */
  name: string;
  durationMs: number;
  /** RFC 3339. */
  time: string;
}

export interface Readiness {
  ready: boolean;
  checks: CheckReport[];
}

/** Body of `application/health+json` (draft-inadarei-api-health-check-06, section 3). */
export interface HealthBody {
  status: 'pass' | 'warn' | 'fail';
  version: string;
  serviceId: string;
  description: string;
  checks: Record<string, HealthDetail[]>;
}

interface HealthDetail {
  status: 'pass' | 'warn' | 'fail';
  time: string;
  observedValue?: number | string;
  observedUnit?: string;
  output?: string;
}

export interface HealthDeps {
  version: string;
  serviceId: string;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface HealthRegistry {
  /** `name` is `component:measurement`, as in `store:responseTime`. A check that throws or is late fails. */
  register(name: string, check: () => Promise<CheckResult>, timeoutMs: number): void;
  /** From now on not ready, so that senders go elsewhere while the process drains. */
  setStopping(): void;
  /** The event loop answers; nothing else is asked. */
  livez(): { live: true };
  /** Ready when no check fails and the process is not stopping. */
  readyz(): Promise<Readiness>;
  healthz(): Promise<HealthBody>;
}

/** The health of the parts of the collector, asked anew each time; a check still running is not started twice. */
export function createHealthRegistry(deps: HealthDeps): HealthRegistry {
  const checks = new Map<string, () => Promise<CheckReport>>();
  let stopping = false;

  const runAll = () => Promise.all([...checks.values()].map((run) => run()));

  return {
    register(name, check, timeoutMs) {
      if (checks.has(name)) throw new Error(`health check ${name} is registered twice`);
      checks.set(name, createRun({ name, check, timeoutMs, now: deps.now }));
    },
    setStopping() {
      stopping = true;
    },
    livez: () => ({ live: true }),
    async readyz() {
      const reports = await runAll();
      if (stopping) reports.push(stoppingReport(deps.now()));
      return { ready: reports.every((report) => report.status !== 'fail'), checks: reports };
    },
    async healthz() {
      const reports = await runAll();
      if (stopping) reports.push(stoppingReport(deps.now()));
      return {
        status: worst(reports),
        version: deps.version,
        serviceId: deps.serviceId,
        description: 'Signalbox',
        checks: Object.fromEntries(reports.map((report) => [report.name, [toDetail(report)]])),
      };
    },
  };
}

interface CheckPlan {
  name: string;
  check: () => Promise<CheckResult>;
  timeoutMs: number;
  now(): number;
}

function createRun({ name, check, timeoutMs, now }: CheckPlan): () => Promise<CheckReport> {
  let running: Promise<CheckResult> | null = null;

  function start(): Promise<CheckResult> {
    running ??= Promise.resolve()
      .then(check)
      .catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        running = null;
      });
    return running;
  }

  return async () => {
    const startedMs = now();
    const result = await within(start(), timeoutMs);
    const endedMs = now();
    return { ...result, name, durationMs: endedMs - startedMs, time: new Date(endedMs).toISOString() };
  };
}

async function within(work: Promise<CheckResult>, timeoutMs: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve(fail(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function fail(message: string): CheckResult {
  return { status: 'fail', message };
}

function stoppingReport(nowMs: number): CheckReport {
  return { ...fail('stopping'), name: 'process:state', durationMs: 0, time: new Date(nowMs).toISOString() };
}

function worst(reports: readonly CheckReport[]): 'pass' | 'warn' | 'fail' {
  if (reports.some((report) => report.status === 'fail')) return 'fail';
  return reports.some((report) => report.status === 'warn') ? 'warn' : 'pass';
}

function toDetail(report: CheckReport): HealthDetail {
  return {
    status: report.status,
    time: report.time,
    ...(report.observedValue === undefined ? {} : { observedValue: report.observedValue }),
    ...(report.observedUnit === undefined ? {} : { observedUnit: report.observedUnit }),
    ...(report.message === undefined ? {} : { output: report.message }),
  };
}
