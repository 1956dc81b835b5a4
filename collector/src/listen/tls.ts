import type { TlsOptions, Server as TlsServer } from 'node:tls';
import type { Clock } from '#core/clock.ts';
import { OperatorError } from '#core/errors.ts';
import type { TlsConfig } from './config.ts';
import {
  buildTlsMaterial,
  readTlsFiles,
  type ServerCertificate,
  type TlsFiles,
  type TlsMaterial,
} from './tls-material.ts';

export interface TlsDeps {
  /** Of the configuration, for messages: `otlp_http`. */
  section: string;
  clock: Clock;
  /** New files are in use; connections that are open keep what they were opened with. */
  onReloaded(certificate: ServerCertificate): void;
  /** Changed files cannot be used, and why; the ones before stay in use. Once for each change. */
  onFailed(message: string): void;
  /** The certificate in use is not valid now: it has expired, or is not valid yet. At the start and after a reload. */
  onWarning(message: string): void;
  /** How often the files are looked at; 5 s unless told. */
  pollMs?: number;
}

/** The certificates of one port. Shared by all servers of that port. */
export interface Tls {
  /** Clients have to show a certificate. */
  readonly isMutual: boolean;
  /** Options for `tls.createServer` and what is made of it; the user adds ALPN. */
  serverOptions(): TlsOptions;
  /** The server gets new certificates when there are some. */
  follow(server: TlsServer): void;
  /** Of the certificate in use. */
  certificate(): ServerCertificate;
  /** Looks at the files no more. Twice is harmless. */
  close(): void;
}

const POLL_MS = 5_000;

/**
 * Reads the files of a section `tls` and follows them: mounted secrets are swapped by links, so their content is
 * compared, not their times. Null when no certificate is set. Throws an OperatorError that names setting and file.
 */
export function openTls(config: TlsConfig, deps: TlsDeps): Tls | null {
  if (config.cert_file === '') return null;
  const { section } = deps;
  const servers = new Set<TlsServer>();
  const build = (files: TlsFiles) => buildTlsMaterial(files, config, section);
  let current: TlsMaterial = build(readTlsFiles(config, section));
  warnIfNotValid();

  function use(material: TlsMaterial): void {
    current = material;
    for (const server of servers) server.setSecureContext(material.context);
    deps.onReloaded(material.certificate);
    warnIfNotValid();
  }

  function warnIfNotValid(): void {
    const message = whyNotValid(current.certificate, Number(deps.clock() / 1_000_000n));
    if (message !== null) deps.onWarning(`${section}.tls.cert_file: ${message}; clients will refuse it`);
  }

  const look = createLook({
    read: () => readTlsFiles(config, section),
    build,
    inUse: () => current.digest,
    use,
    onFailed: deps.onFailed,
  });
  const timer = setInterval(look, deps.pollMs ?? POLL_MS);
  timer.unref();

  const isMutual = config.client_ca_file !== '';
  return {
    isMutual,
    serverOptions: () => ({ ...current.context, requestCert: isMutual, rejectUnauthorized: isMutual }),
    follow: (server) => void servers.add(server),
    certificate: () => current.certificate,
    close: () => clearInterval(timer),
  };
}

interface LookDeps {
  read(): TlsFiles;
  build(files: TlsFiles): TlsMaterial;
  inUse(): string;
  use(material: TlsMaterial): void;
  onFailed(message: string): void;
}

/**
 * One look at the files. What cannot be used is told when the next look finds it unchanged: certificate and key are
 * two files, and between the writing of the one and the other they do not fit.
 */
function createLook({ read, build, inUse, use, onFailed }: LookDeps): () => void {
  let failed: { what: string; isTold: boolean } | null = null;

  function fail(what: string, message: string): void {
    if (failed?.what !== what) {
      failed = { what, isTold: false };
    } else if (!failed.isTold) {
      failed.isTold = true;
      onFailed(message);
    }
  }

  return () => {
    let digest = '';
    try {
      const files = read();
      digest = files.digest;
      if (digest === inUse()) {
        failed = null;
      } else if (failed?.what !== digest || !failed.isTold) {
        use(build(files));
        failed = null;
      }
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      fail(digest || error.message, error.message);
    }
  };
}

function whyNotValid({ subject, notBeforeMs, notAfterMs }: ServerCertificate, nowMs: number): string | null {
  if (nowMs > notAfterMs)
    return `the certificate ${subject} expired at ${new Date(notAfterMs).toISOString()}`;
  if (nowMs < notBeforeMs) {
    return `the certificate ${subject} is valid only from ${new Date(notBeforeMs).toISOString()} on`;
  }
  return null;
}
