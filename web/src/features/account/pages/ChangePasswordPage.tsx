// A password that is too old must be changed before anything else.
import { useMutation } from '@tanstack/react-query';
import { Button, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from '@/shared/components/feedback';
import { usePageTitle } from '@/shared/components/page';
import { PasswordField } from '../components/fields';
import { useGate } from '../components/useGate';
import { change_password } from '../queries';

export default function ChangePasswordPage() {
  const { t } = useTranslation();
  const gate = useGate();
  usePageTitle(t('account:password.expired_title'));
  const act = useMutation({ mutationFn: change_password, onSuccess: gate });
  return (
    <div className="gate-card">
      <h1>{t('account:password.expired_title')}</h1>
      <p className="lead">{t('account:password.expired_lead')}</p>
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={(values: { current: string; new: string }) => act.mutate(values)}
      >
        <PasswordField name="current" label={t('account:password.current')} />
        <PasswordField name="new" label={t('account:password.new')} fresh />
        <div className="stack">
          <ProblemAlert error={act.error} />
          <Button type="primary" htmlType="submit" block loading={act.isPending}>
            {t('account:password.change')}
          </Button>
        </div>
      </Form>
    </div>
  );
}
