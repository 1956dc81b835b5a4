import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Loaded } from '../fetch/use-api.ts';
import { Notice } from './notice.tsx';

/** After this a person wants to know that it still works, and to be able to stop it. Milliseconds. */
const SLOW_AFTER_MS = 2000;

interface LoadStateProps<T> {
  of: Loaded<T>;
  /** What is loaded, as in `Services could not be loaded`. */
  what: string;
  children: (data: T) => ComponentChildren;
}

/** Shows data when there is some; in front of it progress, a failure with retry, or a skeleton. */
export function LoadState<T>({ of, what, children }: LoadStateProps<T>) {
  const { data, failure } = of;
  return (
    <>
      <Progress of={of} />
      {data !== undefined && failure !== undefined && (
        <div class="banner" role="alert">
          <span>
            {what} could not be refreshed: {failure.message} What you see is older.
          </span>
          <button type="button" class="button small" onClick={of.reload}>
            Retry
          </button>
        </div>
      )}
      {data !== undefined && children(data)}
      {data === undefined && failure !== undefined && !of.loading && (
        <Notice title={`${what} could not be loaded`} detail={failure.message} icon="error" role="alert">
          <button type="button" class="button" onClick={of.reload}>
            Retry
          </button>
        </Notice>
      )}
      {data === undefined && (of.loading || failure === undefined) && <Skeleton />}
    </>
  );
}

/** A thin line while somebody waits; words and a way out when it takes long. */
export function Progress<T>({ of }: { of: Loaded<T> }) {
  const waiting = of.loading && of.asked;
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!waiting) return;
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  if (!waiting) return null;
  return (
    <div class="progress" role="status">
      <span class="progress-bar" />
      {slow && (
        <span class="progress-text">
          Still loading…
          <button type="button" class="button small" onClick={of.cancel}>
            Cancel
          </button>
        </span>
      )}
    </div>
  );
}

const SKELETON_ROWS = [72, 64, 80, 58, 69, 75];

function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      {SKELETON_ROWS.map((width) => (
        <span key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
