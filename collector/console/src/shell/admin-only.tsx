import type { ComponentChildren } from 'preact';
import { useConsole } from '../state.ts';
import { Notice } from '../widgets/notice.tsx';

interface AdminOnlyProps {
  /** The page, as in `Keys are for admins`. */
  title: string;
  is?: string;
  children: ComponentChildren;
}

/** A page that only admins may read; others are told so instead. */
export function AdminOnly({ title, is = 'are', children }: AdminOnlyProps) {
  const { session } = useConsole();
  if (session.value?.role === 'admin') return <>{children}</>;
  return (
    <section class="page">
      <header class="page-head">
        <h1>{title}</h1>
      </header>
      {session.value === null ? (
        <p class="muted" role="status">
          Looking who is logged in…
        </p>
      ) : (
        <Notice
          title={`${title} ${is} for admins`}
          icon="keys"
          detail={`You are logged in as ${session.value.name}, with the role ${session.value.role}. Ask an admin to do it, or to change your role.`}
        />
      )}
    </section>
  );
}
