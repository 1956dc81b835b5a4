import { Counter, type Registry } from 'prom-client';

/** Counters of the alert book. */
export function createAlertMetrics(registry: Registry) {
  const notices = new Counter({
    name: 'signalbox_alert_notices_total',
    help: 'alerts in notifications by what came of them; left_out are those that the sender says it cut off',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const removed = new Counter({
    name: 'signalbox_alerts_removed_total',
    help: 'alerts removed from the book by age or for want of room',
    labelNames: ['reason'],
    registers: [registry],
  });
  return {
    countAlertNotices({ taken, late, leftOut }: { taken: number; late: number; leftOut: number }) {
      notices.inc({ outcome: 'taken' }, taken);
      notices.inc({ outcome: 'late' }, late);
      notices.inc({ outcome: 'left_out' }, leftOut);
    },
    countAlertsRemoved({ age, room }: { age: number; room: number }) {
      removed.inc({ reason: 'age' }, age);
      removed.inc({ reason: 'room' }, room);
    },
  };
}
