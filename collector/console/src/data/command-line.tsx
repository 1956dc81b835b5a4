import { CopyButton } from '../widgets/copy-button.tsx';

/** A command to read and to copy. */
export function CommandLine({ command }: { command: string }) {
  return (
    <span class="command" data-testid="replay-command">
      <code>{command}</code>
      <CopyButton text={command} label={`Copy: ${command}`} />
    </span>
  );
}
