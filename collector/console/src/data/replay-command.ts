/** Destinations of the stack, which runs in containers. */
const ENGINES = new Set(['tempo', 'loki', 'prometheus']);

/** The command that sends dead letters again, ready for a shell. */
export function replayCommand(destination: string): string {
  const name = /^[\w.-]+$/.test(destination) ? destination : `'${destination.replaceAll("'", `'\\''`)}'`;
  const command = ENGINES.has(destination)
    ? 'docker compose exec collector node scripts/replay.ts'
    : 'npm run replay --';
  return `${command} --destination ${name}`;
}
