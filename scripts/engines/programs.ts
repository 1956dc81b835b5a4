import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A real engine that tests run against, built from the Go module that its makers publish. */
export interface Program {
  /** As the command line and the cache's folders call it. */
  name: string;
  module: string;
  /** Of the module; for most programs also of the release. */
  version: string;
  /** What is built: name of the binary to its package, a folder inside the module. */
  binaries: Readonly<Record<string, string>>;
  /** Variables the linker sets, so that the binary tells its version. */
  variables?: Readonly<Record<string, string>>;
  linkerFlags?: readonly string[];
  /** Files that the module lacks: path inside it to content. It is then built from a copy. */
  additions?: Readonly<Record<string, string>>;
  /** The module is a generator: it makes the program out of this text, in the folder `generated`. */
  manifest?: string;
}

const NO_PAGE = '<!doctype html><title>Built without web pages</title>\n';

const TEMPO_CODEC_LAST = `package gogocodec

import (
	_ "github.com/jaegertracing/jaeger/pkg/gogocodec"
	_ "google.golang.org/grpc/encoding/proto"
)
`;

const PROGRAM_TABLE = [
  {
    // Release 3.16.0. The module has no web pages; the API is all there.
    name: 'prometheus',
    module: 'github.com/prometheus/prometheus',
    version: 'v0.316.0',
    binaries: { prometheus: 'cmd/prometheus', promtool: 'cmd/promtool' },
    variables: { 'github.com/prometheus/common/version.Version': '3.16.0' },
  },
  {
    name: 'loki',
    module: 'github.com/grafana/loki/v3',
    version: 'v3.7.8',
    binaries: { loki: 'cmd/loki' },
    variables: { 'github.com/grafana/loki/v3/pkg/util/build.Version': '3.7.8' },
  },
  {
    name: 'alertmanager',
    module: 'github.com/prometheus/alertmanager',
    version: 'v0.34.2',
    binaries: { alertmanager: 'cmd/alertmanager', amtool: 'cmd/amtool' },
    variables: { 'github.com/prometheus/common/version.Version': '0.34.2' },
    // Embedded; the module has only what they are built from.
    additions: { 'ui/app/dist/index.html': NO_PAGE, 'ui/mantine-ui/dist/index.html': NO_PAGE },
  },
  {
    // The newest version that Go's module proxy serves. Its golang.org/x/net takes functions of syscall by
    // linkname, which Go's linker refuses since 1.23 unless it is told not to check.
    name: 'tempo',
    module: 'github.com/grafana/tempo',
    version: 'v1.5.0',
    binaries: { tempo: 'cmd/tempo' },
    variables: { 'main.Version': '1.5.0' },
    linkerFlags: ['-checklinkname=0'],
    // Tempo, Jaeger and gRPC each register a codec and the last one counts. Since Go 1.21 packages start in
    // the order of their names, so gRPC's would, and it panics at the first span (grafana/tempo issue 2818).
    // What Tempo's imports starts before it.
    additions: { 'pkg/gogocodec/start-last.go': TEMPO_CODEC_LAST },
  },
  {
    // v5 needs a newer Go.
    name: 'docker-compose',
    module: 'github.com/docker/compose/v2',
    version: 'v2.40.3',
    binaries: { 'docker-compose': 'cmd' },
    variables: { 'github.com/docker/compose/v2/internal.Version': 'v2.40.3' },
  },
  {
    // The OpenTelemetry Collector. Its release is what its own builder makes of a manifest, and no module.
    name: 'otelcol',
    module: 'go.opentelemetry.io/collector/cmd/builder',
    version: 'v0.165.0',
    binaries: { otelcol: '.' },
    manifest: readFileSync(join(import.meta.dirname, 'otelcol.yaml'), 'utf8'),
  },
] as const satisfies readonly Program[];

type KeysOf<T> = T extends unknown ? keyof T : never;

/** Every binary that the table builds. */
export type BinaryName = KeysOf<(typeof PROGRAM_TABLE)[number]['binaries']>;

/** All programs, in the order they are built. */
export const PROGRAMS: readonly Program[] = PROGRAM_TABLE;
