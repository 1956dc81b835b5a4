import { useState } from 'preact/hooks';
import { useConsole } from '../state.ts';
import { Icon } from '../widgets/icon.tsx';

/** Asks for the operators' token when there is no session, and says where it is. */
export function LoginPage() {
  const { client, loginNeeded, refresh } = useConsole();
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: Event) {
    event.preventDefault();
    setBusy(true);
    const outcome = await client.login(token.trim());
    setBusy(false);
    if (outcome.ok) {
      loginNeeded.value = false;
      refresh.now();
    } else {
      setProblem(outcome.failure.kind === 'login' ? 'That is not the token.' : outcome.failure.message);
    }
  }
  return (
    <main class="login">
      <form onSubmit={(event) => void submit(event)}>
        <h1>
          <Icon name="brand" /> Signalbox
        </h1>
        <label>
          Token
          <input
            type="password"
            autocomplete="current-password"
            required
            value={token}
            aria-invalid={problem !== null}
            aria-describedby="login-help"
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        {problem !== null && (
          <p class="problem" role="alert">
            <Icon name="error" /> {problem}
          </p>
        )}
        <button type="submit" class="button primary" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
        <p id="login-help" class="muted">
          Signalbox prints a link with the token where it was started: open that link, or paste the part after{' '}
          <code>token=</code> here. You can choose the token yourself with <code>SIGNALBOX_TOKEN</code>.
        </p>
      </form>
    </main>
  );
}
