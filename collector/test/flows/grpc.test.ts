import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import grpc from '@grpc/grpc-js';
import { type CertificateFiles, makeCertificates } from '../support/certificates.ts';
import { EPOCH, tracesPayload } from '../support/otlp-payload.ts';
import { startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const TRACE_ID = '5b8efff798038103d269b633813fc60c';
const folder = mkdtempSync(join(tmpdir(), 'signalbox-grpc-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const { caFile, client, server } = makeCertificates(folder);

function credentialsOf(files: CertificateFiles | null): grpc.ChannelCredentials {
  if (files === null) return grpc.credentials.createSsl(readFileSync(caFile));
  const [key, certificate] = [readFileSync(files.keyFile), readFileSync(files.certFile)];
  return grpc.credentials.createSsl(readFileSync(caFile), key, certificate);
}

/** The name of the code that the call ends with. */
function exportTrace(context: TestContext, url: string, files: CertificateFiles | null): Promise<string> {
  const channel = new grpc.Client(`localhost:${new URL(url).port}`, credentialsOf(files));
  context.after(() => channel.close());
  const start = BigInt(Date.now()) * 1_000_000n;
  const spans = [{ trace: TRACE_ID, span: '5fb397be34d26b51', start, end: start + 1_000_000n }];
  const message = Buffer.from(tracesPayload({ service: 'over-grpc', arrived: EPOCH }, spans).bytes);
  const asIs = (bytes: Buffer) => bytes;
  const options = { deadline: Date.now() + 10_000 };
  return new Promise((resolve) => {
    channel.makeUnaryRequest(EXPORT, asIs, asIs, message, new grpc.Metadata(), options, (error) =>
      resolve(error === null ? 'OK' : (grpc.status[error.code] ?? 'none')),
    );
  });
}

test('over mutual TLS a trace comes in by gRPC and is there; own telemetry goes on, others get nowhere', async (context) => {
  const tls = ['OTLP_HTTP', 'OTLP_GRPC'].flatMap((section) => [
    [`SIGNALBOX_${section}_TLS_CERT_FILE`, server.certFile],
    [`SIGNALBOX_${section}_TLS_KEY_FILE`, server.keyFile],
    [`SIGNALBOX_${section}_TLS_CLIENT_CA_FILE`, caFile],
  ]);
  const env = { ...Object.fromEntries(tls), SIGNALBOX_SELF_TELEMETRY_METRICS_INTERVAL_SECONDS: '1' };
  const signalbox = await startSignalbox({ dataDir: join(folder, 'data'), env });
  context.after(() => signalbox.kill());
  const grpcUrl = /OTLP\/gRPC +(\S+)/.exec(signalbox.stdout())?.[1] ?? '';
  assert.match(grpcUrl, /^https:/);
  assert.match(signalbox.otlpHttpUrl, /^https:/);
  assert.equal(await exportTrace(context, grpcUrl, null), 'UNAVAILABLE');
  assert.equal(await exportTrace(context, grpcUrl, client), 'OK');
  await until('the trace', async () => {
    const response = await signalbox.fetchApi(`/api/v1/traces/${TRACE_ID}`);
    return response.status === 200 ? true : undefined;
  });
  await until('own metrics', async () => {
    const metrics = await (await signalbox.fetchApi('/metrics')).text();
    const own =
      /otelcol_receiver_accepted_metric_points_total\{receiver="self",transport="http"\} ([1-9]\d*)/;
    return own.test(metrics) ? metrics : undefined;
  });
});
