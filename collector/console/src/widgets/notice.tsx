import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface NoticeProps {
  title: string;
  detail?: string;
  icon?: IconName;
  role?: 'alert' | 'status';
  children?: ComponentChildren;
}

/** Says in the middle of the content why there is nothing, or what failed, and what to do. */
export function Notice({ title, detail, icon, role, children }: NoticeProps) {
  return (
    <div class="notice" role={role}>
      <h2>
        {icon !== undefined && <Icon name={icon} />}
        {title}
      </h2>
      {detail !== undefined && <p>{detail}</p>}
      {children !== undefined && <div class="notice-actions">{children}</div>}
    </div>
  );
}
