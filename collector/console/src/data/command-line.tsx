import { CopyButton } from '../widgets/copy-button.tsx';

/** A command or setting to read and to copy. */
export function CommandLine({ command }: { command: string }) {
  return (
    <span class="command" data-testid="command-line">
      <code>{command}</code>
      <CopyButton text={command} label={`Copy: ${command}`} />
    </span>
  );
}
