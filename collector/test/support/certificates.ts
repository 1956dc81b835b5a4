import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files in PEM. */
export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

/** A small world of certificates, all of ECDSA P-256. */
export interface Certificates {
  /** The CA of server and client. */
  caFile: string;
  /** A CA that nobody here trusts. */
  otherCaFile: string;
  /** For localhost, 127.0.0.1 and ::1. */
  server: CertificateFiles;
  /** The same names, another key: what a renewal brings. */
  renewedServer: CertificateFiles;
  /** Of the CA, ended in 2020. */
  expiredServer: CertificateFiles;
  /** Of the CA, for another host. */
  wrongHostServer: CertificateFiles;
  client: CertificateFiles;
  /** Of the other CA. */
  otherClient: CertificateFiles;
}

const HERE = 'DNS:localhost,IP:127.0.0.1,IP:::1';
const VALID = { from: '20200101000000Z', to: '20491231235959Z' };
const EXPIRED = { from: '20190101000000Z', to: '20200101000000Z' };

/** Makes them with `openssl` in `folder`, which must exist. Takes about half a second. */
export function makeCertificates(folder: string): Certificates {
  const ca = makeCa(folder, 'ca');
  const other = makeCa(folder, 'other-ca');
  const server = (name: string, names = HERE, validity = VALID) =>
    ca.issue(name, `subjectAltName=${names}\nextendedKeyUsage=serverAuth`, validity);
  const clientUse = 'extendedKeyUsage=clientAuth';
  return {
    caFile: ca.certFile,
    otherCaFile: other.certFile,
    server: server('server'),
    renewedServer: server('renewed-server'),
    expiredServer: server('expired-server', HERE, EXPIRED),
    wrongHostServer: server('wrong-host-server', 'DNS:elsewhere.example'),
    client: ca.issue('client', clientUse, VALID),
    otherClient: other.issue('other-client', clientUse, VALID),
  };
}

function makeCa(folder: string, name: string) {
  const home = join(folder, name);
  mkdirSync(home);
  const at = (file: string) => join(home, file);
  const key = makeKey(at('ca.key'));
  const configFile = at('openssl.cnf');
  writeFileSync(at('index.txt'), '');
  writeFileSync(configFile, caConfig(home));
  openssl(['req', '-x509', '-config', configFile, '-key', key, '-days', '9000', '-out', at('ca.pem')], name);

  return {
    certFile: at('ca.pem'),
    issue(subject: string, extensions: string, validity: { from: string; to: string }): CertificateFiles {
      const files = { certFile: at(`${subject}.pem`), keyFile: makeKey(at(`${subject}.key`)) };
      const requestFile = at(`${subject}.csr`);
      const extensionFile = at(`${subject}.ext`);
      writeFileSync(extensionFile, `basicConstraints=CA:FALSE\n${extensions}\n`);
      openssl(['req', '-new', '-config', configFile, '-key', files.keyFile, '-out', requestFile], subject);
      const dates = ['-startdate', validity.from, '-enddate', validity.to];
      const inOut = ['-in', requestFile, '-out', files.certFile, '-extfile', extensionFile];
      openssl(['ca', '-batch', '-notext', '-config', configFile, ...dates, ...inOut]);
      return files;
    },
  };
}

function makeKey(file: string): string {
  openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file]);
  return file;
}

function openssl(commandLine: readonly string[], commonName = ''): void {
  const subject = commonName === '' ? [] : ['-subj', `/CN=${commonName}/O=Signalbox tests`];
  execFileSync('openssl', [...commandLine, ...subject], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function caConfig(home: string): string {
  return `
[req]
distinguished_name = name
x509_extensions = authority
[name]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = this
[this]
database = ${home}/index.txt
new_certs_dir = ${home}
certificate = ${home}/ca.pem
private_key = ${home}/ca.key
default_md = sha256
rand_serial = yes
policy = any
unique_subject = no
[any]
commonName = supplied
organizationName = optional
`;
}
