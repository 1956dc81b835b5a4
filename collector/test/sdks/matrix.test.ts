import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { untilSettled } from '../support/accounting.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { readFiles } from '../support/read-back.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { plainInJournal } from './journal-text.ts';
import { runSender } from './run-sender.ts';
import { makeKey, SECURITY, settingsOf, variablesOf, WRONG_KEY } from './security.ts';
import { type Protocol, SENDERS, type Sender } from './senders.ts';
import { checkItems, countSeries, SENT } from './sent-items.ts';

const COMPRESSIONS = ['none', 'gzip'] as const;
const commands = new Map<Sender, readonly [string, ...string[]]>();
let certificates: Certificates;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-sdks-'));
  certificates = makeCertificates(folder);
  for (const sender of SENDERS) commands.set(sender, await sender.prepare());
});

after(() => rm(folder, { recursive: true, force: true }));

for (const security of SECURITY) {
  suite(security.words, () => {
    const accepted: string[] = [];
    let dataDir: string;
    let key = '';
    let signalbox: Signalbox;

    before(async () => {
      dataDir = await mkdtemp(join(folder, 'data-'));
      if (security.key !== 'none') key = await makeKey(dataDir);
      // Its own telemetry would be counted among what was accepted.
      const env = { SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false', ...settingsOf(security, certificates) };
      signalbox = await startSignalbox({ dataDir, env });
    });

    after(() => signalbox?.stop());

    function endpointOf(protocol: Protocol): string {
      const { otlpGrpcUrl, otlpHttpUrl } = signalbox;
      // A name: the gRPC client for Node refuses TLS with an address.
      return (protocol === 'grpc' ? otlpGrpcUrl : otlpHttpUrl).replace('127.0.0.1', 'localhost');
    }

    suite('all that was sent is found in the store', { concurrency: 2 }, () => {
      for (const sender of SENDERS) {
        for (const protocol of sender.protocols) {
          for (const compression of COMPRESSIONS) {
            const service = `${sender.language} ${protocol} ${compression}`;
            test(`${sender.language}, ${protocol}, compression ${compression}`, async () => {
              const env = variablesOf(security, certificates, key);
              const sending = { service, protocol, compression, endpoint: endpointOf(protocol), env };
              const { isExported, output } = await runSender(commands.get(sender)!, sending);
              assert.ok(isExported, output);
              accepted.push(service);
              await checkItems(signalbox, service);
            });
          }
        }
      }
    });

    test('what was sent as gzip came as gzip, the rest as it is', async () => {
      const plain = accepted.filter((service) => service.endsWith(' none'));
      assert.deepEqual(await plainInJournal(dataDir, accepted), plain);
    });

    if (security.key !== 'none') {
      suite('a wrong key is a failed export', { concurrency: 2 }, () => {
        for (const sender of SENDERS) {
          for (const protocol of sender.protocols) {
            const service = `${sender.language} ${protocol} with a wrong key`;
            test(`${sender.language}, ${protocol}: nothing of it is in the journal`, async () => {
              const env = variablesOf(security, certificates, WRONG_KEY);
              const { isExported, output } = await runSender(commands.get(sender)!, {
                ...{ service, protocol, endpoint: endpointOf(protocol), env },
                compression: 'none',
              });
              assert.ok(!isExported, output);
              assert.match(output, /unauthenticated|unauthorized|401|status code 16/i);
              assert.deepEqual(await plainInJournal(dataDir, [service]), []);
            });
          }
        }
      });

      test('neither key stands in a log or any other file', async () => {
        const written = [await readFiles(dataDir), signalbox.stdout(), signalbox.stderr()].join('\n');
        assert.ok(written.includes(accepted[0]!), 'what is looked through has the names of services');
        assert.ok(!written.includes(key));
        assert.ok(!written.includes(WRONG_KEY));
      });
    }

    test('what was accepted is that, once, and nothing else; no destination refused any', async () => {
      const { destinations, journals } = await untilSettled(signalbox);
      const series = await Promise.all(accepted.map((service) => countSeries(signalbox, service)));
      assert.deepEqual(Object.fromEntries(journals.map((journal) => [journal.signal, journal.accepted])), {
        traces: accepted.length * SENT.traces,
        logs: accepted.length * SENT.logs,
        metrics: series.reduce((sum, count) => sum + count, 0),
      });
      for (const { accepted, delivered, refused, deadLettered } of destinations) {
        assert.deepEqual(
          { delivered, refused, deadLettered },
          { delivered: accepted, refused: 0, deadLettered: 0 },
        );
      }
    });
  });
}
