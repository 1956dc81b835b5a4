import { useRef, useState } from 'preact/hooks';
import type { EndedResponse, SessionResponse } from '#api/schemas/session.ts';
import { useChange } from '../fetch/use-change.ts';
import { useConsole } from '../state.ts';
import { Icon } from '../widgets/icon.tsx';
import { Problem } from '../widgets/problem.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { useCloseOutside } from './use-close-outside.ts';

const KIND: Record<SessionResponse['kind'], string> = {
  operator_token: 'Logged in with the operators’ token',
  user: 'Logged in with a name and a password',
  api_token: 'By an API token',
  oidc: 'Logged in by the provider',
  proxy: 'Logged in by the proxy',
};

/** Who is logged in, and what they can do about it. */
export function UserMenu() {
  const { session } = useConsole();
  const [open, setOpen] = useState(false);
  const [isChanging, setChanging] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useCloseOutside(open, root, () => setOpen(false));
  const who = session.value;
  if (who === null) return null;
  return (
    <div class="user-menu" ref={root}>
      <button
        type="button"
        class="tool-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`${who.name}, ${who.role}: account`}
        title={`${who.name}, ${who.role}`}
        data-testid="user-menu"
        onClick={() => setOpen(!open)}
      >
        <Icon name="person" />
        <span class="user-name">
          {who.name} <span class="tag">{who.role}</span>
        </span>
      </button>
      {open && (
        <AccountPanel
          who={who}
          onChangePassword={() => {
            setOpen(false);
            setChanging(true);
          }}
        />
      )}
      {isChanging && <PasswordDialog onClose={() => setChanging(false)} />}
    </div>
  );
}

function AccountPanel({ who, onChangePassword }: { who: SessionResponse; onChangePassword: () => void }) {
  const { busy, failure, send } = useChange<EndedResponse>();
  const end = (path: string) => send({ method: 'DELETE', path }, () => window.location.assign('/login'));
  return (
    <div class="user-panel" role="dialog" aria-label="Account">
      <p>
        <span class="strong">{who.name}</span> <span class="tag">{who.role}</span>
      </p>
      <p class="muted">{KIND[who.kind]}</p>
      {who.hasPassword && (
        <button type="button" class="button small" onClick={onChangePassword}>
          Change password
        </button>
      )}
      <button type="button" class="button small" disabled={busy} onClick={() => end('/api/v1/session')}>
        Log out
      </button>
      <button type="button" class="button small" disabled={busy} onClick={() => end('/api/v1/sessions')}>
        Log out everywhere
      </button>
      <Problem failure={failure} />
    </div>
  );
}
