/** The command that sends dead letters again, ready for a shell. */
export function replayCommand(destination: string): string {
  const name = /^[\w.-]+$/.test(destination) ? destination : `'${destination.replaceAll("'", `'\\''`)}'`;
  return `npm run replay -- --destination ${name}`;
}
