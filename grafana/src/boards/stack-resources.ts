import type { Row } from '../blocks/board.ts';
import { timeseriesPanel } from '../blocks/panels.ts';
import { promql } from '../blocks/queries.ts';
import { COLLECTOR, JOBS, job } from './collector.ts';

const RATE = '[$__rate_interval]';

/** What lies on the disk, as far as each process tells. */
export function diskRow(): Row {
  const used = timeseriesPanel({
    id: 60,
    title: 'Bytes on disk',
    description:
      'What each part keeps: blocks, write-ahead log and head of Prometheus, blocks of Tempo, journal and tables of the collector. Loki does not tell its size; what it writes is below.',
    unit: 'bytes',
    queries: [
      promql(`sum(prometheus_tsdb_storage_blocks_bytes{${job('prometheus')}})`, {
        legend: 'Prometheus blocks',
      }),
      promql(
        `sum(prometheus_tsdb_wal_storage_size_bytes{${job('prometheus')}}) + sum(prometheus_tsdb_head_chunks_storage_size_bytes{${job('prometheus')}})`,
        { legend: 'Prometheus head and log' },
      ),
      promql(`sum(tempodb_backend_bytes_total{${job('tempo')}}) or vector(0)`, {
        legend: 'Tempo blocks',
      }),
      promql(`sum(signalbox_journal_bytes{${COLLECTOR}})`, { legend: 'journal' }),
      promql(`sum(signalbox_store_bytes{${COLLECTOR}})`, { legend: 'tables of the collector' }),
    ],
  });
  const disk = timeseriesPanel({
    id: 61,
    title: 'Disk used',
    description:
      'Share of the disk under the volume of Loki that is taken, by whatever. Docker keeps all volumes on one disk unless told otherwise. At 100 % everything here stops.',
    unit: 'percentunit',
    max: 1,
    queries: [promql(`max(loki_ingester_wal_disk_usage_percent{${job('loki')}})`, { legend: 'disk' })],
  });
  const growth = timeseriesPanel({
    id: 62,
    title: 'Written by Loki',
    description:
      'Bytes a second that Loki received, and that it wrote to its chunks after it compressed them: in pulses, when a chunk is full or two hours old.',
    unit: 'Bps',
    queries: [
      promql(`sum(rate(loki_distributor_bytes_received_total{${job('loki')}}${RATE}))`, {
        legend: 'received',
      }),
      promql(`sum(rate(loki_ingester_chunk_stored_bytes_total{${job('loki')}}${RATE})) or vector(0)`, {
        legend: 'stored',
      }),
    ],
  });
  const limit = timeseriesPanel({
    id: 63,
    title: 'Room of Prometheus used',
    description:
      'Share of the size limit in prometheus/prometheus.yml that blocks take. At 100 % the oldest block goes.',
    unit: 'percentunit',
    max: 1,
    queries: [
      promql(
        `sum(prometheus_tsdb_storage_blocks_bytes{${job('prometheus')}}) / sum(prometheus_tsdb_retention_limit_bytes{${job('prometheus')}})`,
        { legend: 'blocks' },
      ),
    ],
  });
  return {
    title: 'Disk',
    bands: [
      { height: 8, panels: [used, disk] },
      { height: 8, panels: [growth, limit] },
    ],
  };
}

/** Memory and CPU of everything. */
export function processesRow(): Row {
  const memory = timeseriesPanel({
    id: 70,
    title: 'Memory',
    description: 'Resident memory of each process. The limits stand in docker-compose.yml.',
    unit: 'bytes',
    queries: [promql(`sum by (job) (process_resident_memory_bytes{${JOBS}})`, { legend: '{{job}}' })],
  });
  const cpu = timeseriesPanel({
    id: 71,
    title: 'CPU',
    description: 'CPU seconds a second of each process: 1 is one core all the time.',
    unit: 'short',
    decimals: 2,
    queries: [
      promql(`sum by (job) (rate(process_cpu_seconds_total{${JOBS}}${RATE}))`, { legend: '{{job}}' }),
    ],
  });
  const loop = timeseriesPanel({
    id: 72,
    title: "The collector's threads",
    description:
      'Share of time the event loop of each thread is busy. The main thread takes data in, the worker answers console and API.',
    unit: 'percentunit',
    max: 1,
    queries: [
      promql(`max by (thread) (signalbox_thread_event_loop_utilization_ratio{${COLLECTOR}})`, {
        legend: '{{thread}}',
      }),
    ],
  });
  const starts = timeseriesPanel({
    id: 73,
    title: 'Running since',
    description: 'Age of each process. A drop to zero is a restart.',
    unit: 's',
    queries: [promql(`time() - max by (job) (process_start_time_seconds{${JOBS}})`, { legend: '{{job}}' })],
  });
  return {
    title: 'Processes',
    bands: [
      { height: 8, panels: [memory, cpu] },
      { height: 8, panels: [loop, starts] },
    ],
  };
}
