import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { OperatorError } from '#core/errors.ts';
import type { TlsConfig } from './config.ts';

/** The certificate that is shown to clients. */
export interface ServerCertificate {
  /** On one line: `CN=collector.example.com, O=Example`. */
  subject: string;
  /** Milliseconds since 1970 UTC. */
  notBeforeMs: number;
  notAfterMs: number;
}

/** The texts of the files as they are now. */
export interface TlsFiles {
  cert: string;
  key: string;
  /** '' without mutual TLS. */
  clientCa: string;
  /** Differs when a text differs. */
  digest: string;
}

/** What a server is opened with. */
export interface TlsMaterial {
  context: SecureContextOptions;
  certificate: ServerCertificate;
  digest: string;
}

const MAX_FILE_BYTES = 1024 * 1024;
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads the files of a section; `section` as in `otlp_http`. Throws an OperatorError that names setting and file. */
export function readTlsFiles(config: TlsConfig, section: string): TlsFiles {
  const read = (key: 'cert_file' | 'key_file' | 'client_ca_file') => {
    const path = config[key];
    if (path === '') return '';
    try {
      return readSmallFile(path);
    } catch (error) {
      throw new OperatorError(`${section}.tls.${key}: cannot read ${path}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
  const texts = { cert: read('cert_file'), key: read('key_file'), clientCa: read('client_ca_file') };
  const digest = createHash('sha256').update(JSON.stringify(texts)).digest('base64');
  return { ...texts, digest };
}

function readSmallFile(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile()) throw new Error('it is no file');
  if (stat.size > MAX_FILE_BYTES) throw new Error('it is larger than 1 MiB, so it is no certificate or key');
  return readFileSync(path, 'utf8');
}

/** Makes of the texts what a server needs. Throws an OperatorError that names the setting and file at fault. */
export function buildTlsMaterial(files: TlsFiles, config: TlsConfig, section: string): TlsMaterial {
  const fail = (key: 'cert_file' | 'key_file' | 'client_ca_file', message: string): never => {
    throw new OperatorError(`${section}.tls.${key}: ${config[key]} ${message}`);
  };
  const chain = certificatesIn(files.cert);
  const leaf = chain?.[0] ?? fail('cert_file', 'holds no certificate in PEM (-----BEGIN CERTIFICATE-----)');
  const key = privateKeyIn(files.key);
  if (typeof key === 'string') return fail('key_file', key);
  if (!leaf.checkPrivateKey(key)) {
    const hint = `the first certificate in that file must be the server's own (it is ${oneLine(leaf.subject)})`;
    fail('key_file', `is not the key of the certificate in ${config.cert_file}; ${hint}`);
  }
  const needsClients = config.client_ca_file !== '';
  if (needsClients && certificatesIn(files.clientCa) === null) {
    fail('client_ca_file', 'holds no certificate in PEM (-----BEGIN CERTIFICATE-----)');
  }
  const context: SecureContextOptions = {
    cert: files.cert,
    key: files.key,
    minVersion: config.min_version === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
    ...(needsClients ? { ca: files.clientCa } : {}),
  };
  try {
    createSecureContext(context);
  } catch (error) {
    fail('cert_file', `cannot be used: ${(error as Error).message}`);
  }
  return { context, certificate: describe(leaf), digest: files.digest };
}

/** Null when there is none, or one of them cannot be read. */
function certificatesIn(text: string): X509Certificate[] | null {
  const blocks = text.match(PEM_CERTIFICATE);
  try {
    return blocks?.map((block) => new X509Certificate(block)) ?? null;
  } catch {
    return null;
  }
}

/** The key, or what is wrong with it. */
function privateKeyIn(text: string): KeyObject | string {
  try {
    return createPrivateKey(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE' || /ENCRYPTED/.test(text)) {
      return 'is encrypted; write it without a passphrase (openssl pkey -in FILE -out NEW) and let only this user read it';
    }
    return 'holds no private key in PEM (-----BEGIN PRIVATE KEY-----)';
  }
}

function describe(leaf: X509Certificate): ServerCertificate {
  return {
    subject: oneLine(leaf.subject),
    notBeforeMs: leaf.validFromDate.getTime(),
    notAfterMs: leaf.validToDate.getTime(),
  };
}

function oneLine(subject: string | undefined): string {
  return (subject ?? '').split('\n').join(', ');
}
