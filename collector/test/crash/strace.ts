import { spawnSync } from 'node:child_process';

/** One system call of a trace. `begun` and `ended` are lines of the trace: what ends on a line before another begins was first. */
export interface Syscall {
  name: string;
  /** What the first descriptor in its arguments is: a path, or `TCP:[127.0.0.1:4318->127.0.0.1:40000]`. */
  target: string;
  /** As strace shows them. */
  args: string;
  begun: number;
  /** Infinity when the trace ends first. */
  ended: number;
  /** NaN when the trace ends first. */
  result: number;
}

/** Why strace cannot be used here, or false. */
export function whyNoStrace(): string | false {
  const { status, error } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']);
  if (error !== undefined) return 'strace is not installed';
  return status === 0 ? false : 'strace may not trace here';
}

const CALLS =
  'openat,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,fsync,fdatasync,rename,renameat,renameat2';

/**
 * Runs a program, which keeps its pid, and writes its calls that write or sync to `file`; `inject` makes some of them
 * fail, as in `fdatasync:error=EIO:when=3+5` (of each thread the 3rd and every 5th after that).
 */
export function straceCommand(file: string, inject: readonly string[] = []): string[] {
  const show = ['-f', '-ttt', '-yy', '-s', '65536', '-e', 'signal=none'];
  const faults = inject.flatMap((fault) => ['-e', `inject=${fault}`]);
  return ['strace', '-D', ...show, '--seccomp-bpf', '-e', `trace=${CALLS}`, ...faults, '-o', file];
}

const LINE = /^(?<thread>\d+) +[\d.]+ (?<rest>.*)$/;
const RESUMED = /^<\.\.\. (?<name>\w+) resumed>(?<args>.*)$/;
const CALL = /^(?<name>\w+)\((?<args>.*)$/;
const UNFINISHED = ' <unfinished ...>';
const RESULT = /^(?<args>.*)\) += (?<result>-?\d+)[^()]*(?:\(.*\))?$/;
const DESCRIPTOR = /^(?:\d+|AT_FDCWD)<(?<target>(?:->|[^<>])*)>/;

/**
 * Reads what `strace -f -ttt -yy` wrote, in the order in which calls began. Calls that other threads' lines tore in
 * two are joined. strace handles one stop after another and a thread goes on only when its stop was handled, so a call
 * whose end stands before another's begin has really ended before that other began.
 */
export function parseStrace(text: string): Syscall[] {
  const calls: Syscall[] = [];
  const open = new Map<string, Syscall>();
  text.split('\n').forEach((line, number) => {
    const { thread, rest } = LINE.exec(line)?.groups ?? {};
    if (thread === undefined || rest === undefined) return;
    const resumed = RESUMED.exec(rest)?.groups as { name: string; args: string } | undefined;
    if (resumed !== undefined) {
      const call = open.get(thread);
      open.delete(thread);
      if (call?.name === resumed.name) finish(call, call.args + resumed.args, number);
      return;
    }
    const begun = CALL.exec(rest)?.groups as { name: string; args: string } | undefined;
    if (begun === undefined) return;
    const call = startOf(begun, number);
    calls.push(call);
    if (rest.endsWith(UNFINISHED)) open.set(thread, call);
    else finish(call, begun.args, number);
  });
  return calls;
}

function startOf({ name, args }: { name: string; args: string }, line: number): Syscall {
  const shown = args.endsWith(UNFINISHED) ? args.slice(0, -UNFINISHED.length) : args;
  const target = DESCRIPTOR.exec(shown)?.groups?.target ?? '';
  return { name, target, args: shown, begun: line, ended: Number.POSITIVE_INFINITY, result: Number.NaN };
}

function finish(call: Syscall, whole: string, line: number): void {
  const { args, result } = RESULT.exec(whole)?.groups ?? {};
  if (args === undefined) return;
  call.args = args;
  call.result = Number(result);
  call.ended = line;
}
