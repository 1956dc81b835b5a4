import { type MetricFields, type PointFields, readMetric, readPoints } from '#otlp/metric.ts';
import type { DayTables } from './day-tables.ts';
import type { Origin } from './write-origin.ts';

/** Writes all data points of the Metric message at `start` to `end`, and series that are new. */
export function writeMetric(
  tables: DayTables,
  origin: Origin,
  item: { bytes: Uint8Array; start: number; end: number; arrived: bigint },
): void {
  const metric = readMetric(item.bytes, item.start, item.end);
  const { name, description, unit, type, temporality, monotonic, metadataJson } = metric;
  const head = [
    origin.resourceId,
    origin.scopeId,
    type,
    temporality,
    monotonic,
    name,
    unit,
    description,
    metadataJson,
  ];
  const prefix = head.join('\n');
  readPoints(item.bytes, metric, (point) => {
    const key = `${prefix}\n${point.attributesJson}`;
    const series = tables.knownSeries.idOf(key, (id) => writeSeries(tables, origin, { id, metric, point }));
    writePoint(tables, series, { bytes: item.bytes, arrived: item.arrived, point });
  });
}

/** Columns as in ddl/series.sql. */
function writeSeries(
  tables: DayTables,
  origin: Origin,
  { id, metric, point }: { id: number; metric: MetricFields; point: PointFields },
): void {
  const row = tables.series;
  row.row();
  row.setInteger(0, id);
  row.setInteger(1, origin.resourceId);
  row.setInteger(2, origin.scopeId);
  row.setText(3, origin.service);
  row.setText(4, metric.name);
  row.setText(5, metric.description);
  row.setText(6, metric.unit);
  row.setText(7, metric.type);
  row.setNumber(8, metric.temporality);
  row.setNumber(9, metric.monotonic ? 1 : 0);
  row.setText(10, metric.metadataJson);
  row.setText(11, point.attributesJson);
}

/** Columns as in ddl/points.sql. */
function writePoint(
  tables: DayTables,
  series: number,
  { bytes, arrived, point }: { bytes: Uint8Array; arrived: bigint; point: PointFields },
): void {
  const row = tables.points;
  row.row();
  row.setInteger(0, series);
  row.copyFixed64(1, bytes, point.timeAt);
  row.copyFixed64(2, bytes, point.startAt);
  row.setBigInt(3, arrived);
  row.setNumber(4, point.flags);
  if (point.valueKind === 'int') row.copyFixed64(5, bytes, point.intAt);
  else row.setNull(5);
  setNumberOrNull(row, 6, point.valueKind === 'double' ? point.doubleValue : null);
  if (point.countAt >= 0) row.copyFixed64(7, bytes, point.countAt);
  else row.setNull(7);
  setNumberOrNull(row, 8, point.sum);
  setNumberOrNull(row, 9, point.min);
  setNumberOrNull(row, 10, point.max);
  row.setText(11, point.detailJson);
  row.setText(12, point.exemplarsJson);
}

function setNumberOrNull(row: DayTables['points'], column: number, value: number | null): void {
  if (value === null) row.setNull(column);
  else row.setNumber(column, value);
}
