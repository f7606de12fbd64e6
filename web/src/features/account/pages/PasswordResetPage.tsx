// A person whose password is forgotten sets a new one by the link that a colleague gave.
import { useMutation } from '@tanstack/react-query';
import { Button, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { usePageTitle } from '@/shared/components/page';
import { TimeText } from '@/shared/components/texts';
import { PasswordField } from '../components/fields';
import { useGate } from '../components/useGate';
import { accept_password_reset, usePasswordReset } from '../queries';

export default function PasswordResetPage() {
  const { t } = useTranslation();
  const { token = '' } = useParams();
  const gate = useGate();
  const reset = usePasswordReset(token);
  usePageTitle(t('account:reset.title'));
  const act = useMutation({ mutationFn: accept_password_reset, onSuccess: gate });
  if (reset.isPending) {
    return (
      <div className="gate-card">
        <SkeletonLines />
      </div>
    );
  }
  if (!reset.data) {
    return (
      <div className="gate-card">
        <h1>{t('account:reset.title')}</h1>
        <ProblemAlert error={reset.error} />
      </div>
    );
  }
  return (
    <div className="gate-card">
      <h1>{t('account:reset.title')}</h1>
      <p className="lead">
        {t('account:reset.lead', { company: reset.data.tenant_name, email: reset.data.email })}{' '}
        <span className="muted">
          {t('account:invitation.expires')} <TimeText value={reset.data.expires_at} />
        </span>
      </p>
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={(values: { password: string }) => act.mutate({ token, ...values })}
      >
        <PasswordField name="password" label={t('account:field.password')} fresh testid="reset-password" />
        <div className="stack">
          <ProblemAlert error={act.error} />
          <Button type="primary" htmlType="submit" block loading={act.isPending} data-testid="reset-submit">
            {t('account:reset.accept')}
          </Button>
        </div>
      </Form>
    </div>
  );
}
