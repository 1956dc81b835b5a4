// Loaded before the SDK, so that every timestamp this process makes is off by CLOCK_SKEW_MS milliseconds:
// CLOCK_SKEW_MS=3000 node --import ./examples/skewed-clock.ts --import ./examples/instrumentation.ts ...
// Timers and durations are untouched: only what a wrong wall clock would change is changed.
const skewMs = Number(process.env.CLOCK_SKEW_MS ?? 0);

const RealDate = Date;
const realTimeOrigin = performance.timeOrigin;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [target.now() + skewMs] : args, newTarget),
  apply: (target) => new target(target.now() + skewMs).toString(),
  get: (target, key, receiver) =>
    key === 'now' ? () => target.now() + skewMs : Reflect.get(target, key, receiver),
});

Object.defineProperty(performance, 'timeOrigin', { value: realTimeOrigin + skewMs, configurable: true });
