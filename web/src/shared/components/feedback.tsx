// What a page says when there is nothing, not yet, not allowed, or not working. The four never look alike.
import {
  CheckCircleOutlined,
  CloseCircleOutlined,
  ExclamationCircleOutlined,
  InboxOutlined,
  InfoCircleOutlined,
  LockOutlined,
} from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { as_problem } from '../api/problem';
import { useSecondsUntil } from '../clock';
import { permission, usePermitted, useSession, type Permission } from '../session';

export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    const problem = as_problem(error);
    const key = `errors:${problem.code}`;
    if (i18n.exists(key)) return t(key, { seconds: problem.retry_after ?? 0 });
    return problem.detail || t('errors:client.unexpected');
  };
}

/** What is wrong with one field, in the reader's language. */
export function useFieldText(): (code: string, detail?: string) => string {
  const { t, i18n } = useTranslation();
  return (code, detail) => {
    const key = `errors:field.${code}`;
    return i18n.exists(key) ? t(key) : (detail ?? code);
  };
}

export function Notice({
  tone = 'info',
  children,
  action,
}: {
  tone?: 'info' | 'good' | 'warn' | 'bad';
  children: ReactNode;
  action?: ReactNode;
}) {
  const icon = {
    info: <InfoCircleOutlined />,
    good: <CheckCircleOutlined />,
    warn: <ExclamationCircleOutlined />,
    bad: <CloseCircleOutlined />,
  }[tone];
  return (
    <div className={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {icon}
      <div className="text">{children}</div>
      {action}
    </div>
  );
}

/** The server's problem in the reader's language, with the request id that support will ask for. */
export function ProblemAlert({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const field_text = useFieldText();
  if (!error) return null;
  const problem = as_problem(error);
  const fields = problem.fields.filter((each) => each.detail || each.code);
  return (
    <div data-testid="problem" data-code={problem.code}>
      <Notice
        tone="bad"
        action={
          retry ? (
            <Button size="small" onClick={retry}>
              {t('action.retry')}
            </Button>
          ) : undefined
        }
      >
        <div>{text(problem)}</div>
        {fields.length > 0 && (
          <ul className="small">
            {fields.slice(0, 8).map((each) => (
              <li key={each.pointer + each.code}>
                <code>{each.pointer}</code> {field_text(each.code, each.detail)}
              </li>
            ))}
          </ul>
        )}
        {problem.request_id && (
          <div className="small muted">
            {t('problem.request_id')} <code>{problem.request_id}</code>
          </div>
        )}
      </Notice>
    </div>
  );
}

/** Says what to do next, not only that there is nothing. */
export function EmptyState({
  title,
  text,
  action,
  icon,
}: {
  title: string;
  text?: string;
  action?: ReactNode;
  icon?: ReactNode;
}) {
  return (
    <div className="empty">
      <span className="muted" style={{ fontSize: 28 }}>
        {icon ?? <InboxOutlined />}
      </span>
      <h3>{title}</h3>
      {text && <p>{text}</p>}
      {action}
    </div>
  );
}

export function NotGranted() {
  const { t } = useTranslation();
  return (
    <div data-testid="not-granted">
      <EmptyState icon={<LockOutlined />} title={t('not_granted.title')} text={t('not_granted.text')} />
    </div>
  );
}

/** Shows its children only to those who hold the permission. `quiet` hides a button, otherwise the page says why. */
export function PermissionGuard({
  needs,
  quiet = false,
  children,
}: {
  needs: Permission;
  quiet?: boolean;
  children: ReactNode;
}) {
  const session = useSession();
  const permitted = usePermitted();
  if (session.isPending) return <SkeletonLines />;
  if (permitted(needs)) return <>{children}</>;
  return quiet ? null : <NotGranted />;
}

export { permission };

export function SkeletonLines({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation();
  return (
    <div className="stack" role="status" aria-label={t('loading')} style={{ padding: 16 }}>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="skeleton" style={{ height: 14, width: `${92 - ((index * 17) % 50)}%` }} />
      ))}
    </div>
  );
}

export function Progress({ percent, label }: { percent: number | null; label: string }) {
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
    >
      <i style={{ width: `${Math.min(100, Math.max(percent ?? 0, percent === null ? 8 : 0))}%` }} />
    </div>
  );
}

/** Counts down a refusal that says when to come back. */
export function RetryCountdown({ until }: { until: number | null }) {
  const { t } = useTranslation();
  const left = useSecondsUntil(until);
  return left > 0 ? <span className="muted">{t('problem.try_again_in', { seconds: left })}</span> : null;
}
