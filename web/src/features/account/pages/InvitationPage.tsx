// An invited colleague chooses name and password; the authenticator follows.
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { usePageTitle } from '@/shared/components/page';
import { TimeText } from '@/shared/components/texts';
import { PasswordField } from '../components/fields';
import { useGate } from '../components/useGate';
import { accept_invitation, useInvitation } from '../queries';

export default function InvitationPage() {
  const { t } = useTranslation();
  const { token = '' } = useParams();
  const gate = useGate();
  const invitation = useInvitation(token);
  usePageTitle(t('account:invitation.title'));
  const act = useMutation({ mutationFn: accept_invitation, onSuccess: gate });
  if (invitation.isPending) {
    return (
      <div className="gate-card">
        <SkeletonLines />
      </div>
    );
  }
  if (!invitation.data) {
    return (
      <div className="gate-card">
        <h1>{t('account:invitation.title')}</h1>
        <ProblemAlert error={invitation.error} />
      </div>
    );
  }
  return (
    <div className="gate-card">
      <h1>{t('account:invitation.title')}</h1>
      <p className="lead">
        {t('account:invitation.lead', { company: invitation.data.tenant_name, email: invitation.data.email })}{' '}
        <span className="muted">
          {t('account:invitation.expires')} <TimeText value={invitation.data.expires_at} />
        </span>
      </p>
      <Form
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: invitation.data.name }}
        onFinish={(values: { name: string; password: string }) => act.mutate({ token, ...values })}
      >
        <Form.Item name="name" label={t('account:field.name')} rules={[{ required: true, message: t('form.required') }]}>
          <Input autoComplete="name" data-testid="invitation-name" />
        </Form.Item>
        <PasswordField name="password" label={t('account:field.password')} fresh testid="invitation-password" />
        <div className="stack">
          <ProblemAlert error={act.error} />
          <Button type="primary" htmlType="submit" block loading={act.isPending} data-testid="invitation-submit">
            {t('account:invitation.accept')}
          </Button>
        </div>
      </Form>
    </div>
  );
}
