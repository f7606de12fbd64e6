// Second step of sign-in: the six digits of the authenticator, or one recovery code.
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from '@/shared/components/feedback';
import { usePageTitle } from '@/shared/components/page';
import { CodeField, digits } from '../components/fields';
import { useGate } from '../components/useGate';
import { verify_recovery, verify_totp } from '../queries';

export default function VerifyMfaPage() {
  const { t } = useTranslation();
  const gate = useGate();
  const [way, setWay] = useState<'totp' | 'recovery'>('totp');
  usePageTitle(t('account:mfa.verify_title'));
  const act = useMutation({
    mutationFn: (code: string) => (way === 'totp' ? verify_totp(digits(code)) : verify_recovery(code.trim())),
    onSuccess: gate,
  });
  return (
    <div className="gate-card">
      <h1>{t('account:mfa.verify_title')}</h1>
      <p className="lead">{way === 'totp' ? t('account:mfa.verify_lead') : t('account:mfa.recovery_lead')}</p>
      <Form
        key={way}
        layout="vertical"
        requiredMark={false}
        onFinish={(values: { code: string }) => act.mutate(values.code)}
      >
        {way === 'totp' ? (
          <CodeField testid="totp-code" />
        ) : (
          <Form.Item
            name="code"
            label={t('account:mfa.recovery_code')}
            rules={[{ required: true, message: t('form.required') }]}
          >
            <Input autoFocus autoComplete="off" className="mono" data-testid="recovery-code" />
          </Form.Item>
        )}
        <div className="stack">
          <ProblemAlert error={act.error} />
          <Button type="primary" htmlType="submit" block loading={act.isPending} data-testid="totp-submit">
            {t('account:mfa.verify')}
          </Button>
          <Button
            type="link"
            block
            onClick={() => {
              act.reset();
              setWay(way === 'totp' ? 'recovery' : 'totp');
            }}
          >
            {way === 'totp' ? t('account:mfa.use_recovery') : t('account:mfa.use_totp')}
          </Button>
        </div>
      </Form>
    </div>
  );
}
