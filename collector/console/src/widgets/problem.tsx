import type { Failure } from '../fetch/client.ts';
import { Icon } from './icon.tsx';

/** Says why a change was not made; nothing without a failure. */
export function Problem({ failure }: { failure: Failure | undefined }) {
  if (failure === undefined) return null;
  return (
    <p class="problem" role="alert">
      <Icon name="error" /> {failure.message}
    </p>
  );
}
