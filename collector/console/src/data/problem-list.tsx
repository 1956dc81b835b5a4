import type { ComponentChildren } from 'preact';
import { formatClock, formatDateTime } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { Icon } from '../widgets/icon.tsx';
import { ageMs, spanText, untilText } from './ages.ts';
import { CommandLine } from './command-line.tsx';
import { roomText } from './journal-use.ts';
import type { Problem } from './problem.ts';

interface ProblemListProps {
  problems: readonly Problem[];
  /** When they were found, RFC 3339. */
  at: string;
}

/** What is wrong, each with since when, why and what to do. */
export function ProblemList({ problems, at }: ProblemListProps) {
  return (
    <ul class="data-problems" aria-label="What is wrong">
      {problems.map((problem) => (
        <ProblemItem key={`${problem.kind} ${problem.subject}`} problem={problem} at={at} />
      ))}
    </ul>
  );
}

const TONE_CLASS = { bad: '', warning: 'is-warned', lost: 'is-lost' } as const;

function ProblemItem({ problem, at }: { problem: Problem; at: string }) {
  const { command, kind, nextAttemptAt, subject, title, todo, tone, why } = problem;
  return (
    <li
      class={`problem ${TONE_CLASS[tone]}`}
      data-testid="data-problem"
      data-kind={kind}
      data-subject={subject}
    >
      <Icon name={tone === 'warning' ? 'clock' : 'error'} />
      <div>
        <h2>{title}</h2>
        <dl>
          {problem.sinceAt !== undefined && (
            <Line name="Since">
              <Instant time={problem.sinceAt} />, {spanText(ageMs(at, problem.sinceAt))} ago
            </Line>
          )}
          <Line name="Why">{why}</Line>
          {problem.lastAt !== undefined && (
            <Line name="Last seen">
              <Instant time={problem.lastAt} />, {spanText(ageMs(at, problem.lastAt))} ago
            </Line>
          )}
          {nextAttemptAt !== undefined && <Line name="Next attempt">{untilText(at, nextAttemptAt)}</Line>}
          {problem.keptUntilAt !== undefined && (
            <Line name="Kept until">
              <Instant time={problem.keptUntilAt} />, {untilText(at, problem.keptUntilAt)};{' '}
              {roomText(problem.journalShare ?? 0)}
            </Line>
          )}
          <Line name="What to do">
            {todo}
            {command !== undefined && <CommandLine command={command} />}
          </Line>
        </dl>
      </div>
    </li>
  );
}

function Line({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Instant({ time }: { time: string }) {
  const { zone } = useConsole();
  const ms = Date.parse(time);
  return (
    <time dateTime={time} title={formatDateTime(ms, zone.value)}>
      {formatClock(ms, zone.value, Date.now()).replace(/\.\d+$/, '')}
    </time>
  );
}
