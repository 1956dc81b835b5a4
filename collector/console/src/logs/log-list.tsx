import { useLayoutEffect, useState } from 'preact/hooks';
import type { LogRecord } from '#api/schemas/logs.ts';
import { attributePreview, oneLine } from '../format/value.ts';
import { useConsole } from '../state.ts';
import { Icon } from '../widgets/icon.tsx';
import { ServiceName } from '../widgets/service-name.tsx';
import { SeverityTag } from '../widgets/severity-tag.tsx';
import { TimeText } from '../widgets/time-text.tsx';
import { VirtualList } from '../widgets/virtual-list.tsx';
import { LogDetail } from './log-detail.tsx';

interface LogListProps {
  lines: readonly LogRecord[];
  onNearEnd: () => void;
  onTop: (atTop: boolean) => void;
  /** Said below the list. */
  end: string | null;
}

const ROW_HEIGHT = 26;

/** Lines one below the other; each opens to show all it carries. */
export function LogList({ lines, onNearEnd, onTop, end }: LogListProps) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<number | null>(null);
  const toggle = (id: string) => {
    const next = new Set(opened);
    if (!next.delete(id)) next.add(id);
    setOpened(next);
  };
  const { keyboard } = useConsole();
  useLayoutEffect(() => {
    keyboard.list.value = {
      move: (step) =>
        setAt((before) => Math.min(lines.length - 1, Math.max(0, before === null ? 0 : before + step))),
      open: () => {
        const line = at === null ? undefined : lines[at];
        if (line !== undefined) toggle(line.id);
      },
    };
    keyboard.close.value = () => setOpened(new Set());
    return () => {
      keyboard.list.value = null;
      keyboard.close.value = null;
    };
  });
  return (
    <div class="log-list">
      <VirtualList
        count={lines.length}
        rowHeight={ROW_HEIGHT}
        label="Log lines, newest first"
        keyOf={(index) => lines[index]!.id}
        opened={opened}
        showIndex={at}
        onNearEnd={onNearEnd}
        onTop={onTop}
        row={(index) => {
          const log = lines[index]!;
          return (
            <Line
              log={log}
              current={index === at}
              open={opened.has(log.id)}
              onToggle={() => toggle(log.id)}
            />
          );
        }}
        detail={(index) => <LogDetail log={lines[index]!} />}
      />
      {end !== null && <p class="list-end muted">{end}</p>}
    </div>
  );
}

interface LineProps {
  log: LogRecord;
  current: boolean;
  open: boolean;
  onToggle: () => void;
}

function Line({ log, current, open, onToggle }: LineProps) {
  return (
    <div
      class={`log-row ${current ? 'is-selected' : ''} ${log.severityNumber >= 17 ? 'is-error' : ''}`}
      data-testid="log-row"
      data-row
    >
      <button
        type="button"
        class="caret"
        data-row-link
        aria-expanded={open}
        aria-label="All of this line"
        onClick={onToggle}
      >
        <Icon name={open ? 'down' : 'right'} />
      </button>
      <TimeText unixNano={log.timeUnixNano === '0' ? log.observedTimeUnixNano : log.timeUnixNano} />
      <SeverityTag log={log} />
      <ServiceName service={log.service} />
      <span class="log-body">
        {oneLine(log.body) || log.eventName || '(empty)'}
        <span class="log-preview">{attributePreview(log.attributes)}</span>
      </span>
    </div>
  );
}
