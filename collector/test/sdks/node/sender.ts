import { DiagLogLevel, diag, logs, metrics, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';

// Sends known items with the OpenTelemetry SDK for Node; ../README.md says which. Ends with 1 when an export failed.
const SPANS = 5;
const LOG_RECORDS = 4;
const METRIC_POINTS = 3;

const numbersTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const orderId = (number: number) => ({ 'order.id': `order-${number}` });

const failed = (...about: unknown[]) => {
  console.error(...about);
  process.exitCode = 1;
};
const silent = () => {};

// The end of the SDK tells only of spans that could not be exported, its log of everything.
diag.setLogger(
  { error: failed, warn: console.warn, info: silent, debug: silent, verbose: silent },
  DiagLogLevel.WARN,
);

const sdk = new NodeSDK();
sdk.start();
for (const number of numbersTo(SPANS)) {
  trace
    .getTracer('orders')
    .startSpan('order', { attributes: orderId(number) })
    .end();
}
for (const number of numbersTo(LOG_RECORDS)) {
  logs.getLogger('orders').emit({ severityNumber: 9, body: `order ${number}`, attributes: orderId(number) });
}
const orders = metrics.getMeter('orders').createCounter('orders');
for (const number of numbersTo(METRIC_POINTS)) orders.add(number, orderId(number));
await sdk.shutdown().catch(failed);
