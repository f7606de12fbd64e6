// Sign-in by e-mail and password; the second factor follows on its own page.
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { as_problem } from '@/shared/api/problem';
import { now } from '@/shared/clock';
import { ProblemAlert, RetryCountdown } from '@/shared/components/feedback';
import { usePageTitle } from '@/shared/components/page';
import { PasswordField } from '../components/fields';
import { useGate } from '../components/useGate';
import { sign_in } from '../queries';

export default function SignInPage() {
  const { t } = useTranslation();
  const gate = useGate();
  const [until, setUntil] = useState<number | null>(null);
  usePageTitle(t('account:sign_in.title'));
  const act = useMutation({
    mutationFn: sign_in,
    onSuccess: gate,
    onError: (error) => {
      const after = as_problem(error).retry_after;
      if (after) setUntil(now() + after * 1000);
    },
  });
  return (
    <div className="gate-card">
      <h1>{t('account:sign_in.title')}</h1>
      <p className="lead">{t('account:sign_in.lead')}</p>
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={(values: { email: string; password: string }) => act.mutate(values)}
      >
        <Form.Item
          name="email"
          label={t('account:field.email')}
          rules={[{ required: true, type: 'email', message: t('form.email') }]}
        >
          <Input autoFocus type="email" autoComplete="username" data-testid="sign-in-email" />
        </Form.Item>
        <PasswordField name="password" label={t('account:field.password')} testid="sign-in-password" />
        <div className="stack">
          <ProblemAlert error={act.error} />
          <RetryCountdown until={until} />
          <Button type="primary" htmlType="submit" block loading={act.isPending} data-testid="sign-in-submit">
            {t('account:sign_in.submit')}
          </Button>
          <span className="muted">
            {t('account:sign_in.no_account')} <Link to="/sign-up">{t('account:sign_up.title')}</Link>
          </span>
        </div>
      </Form>
    </div>
  );
}
