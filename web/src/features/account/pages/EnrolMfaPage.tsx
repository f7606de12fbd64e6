// First sign-in: the authenticator is set up by QR on screen, proven by one code, and ten recovery codes are kept.
import { useMutation } from '@tanstack/react-query';
import { Button, Form, QRCode } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { usePageTitle } from '@/shared/components/page';
import { CodeField, digits } from '../components/fields';
import { RecoveryCodes } from '../components/RecoveryCodes';
import { useGate } from '../components/useGate';
import { confirm_mfa, useEnrolment } from '../queries';

export default function EnrolMfaPage() {
  const { t } = useTranslation();
  const gate = useGate();
  const enrolment = useEnrolment();
  const asked = useRef(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  usePageTitle(t('account:mfa.enrol_title'));
  const { mutate } = enrolment;
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    mutate();
  }, [mutate]);
  const confirm = useMutation({
    mutationFn: confirm_mfa,
    onSuccess: (answer) => setCodes(answer.recovery_codes),
  });

  if (codes) {
    return (
      <div className="gate-card" style={{ maxWidth: 460 }}>
        <h1>{t('account:mfa.recovery_title')}</h1>
        <RecoveryCodes codes={codes} on_done={() => void gate()} />
      </div>
    );
  }
  return (
    <div className="gate-card" style={{ maxWidth: 460 }}>
      <h1>{t('account:mfa.enrol_title')}</h1>
      <p className="lead">{t('account:mfa.enrol_lead')}</p>
      <div className="stack">
        <ProblemAlert error={enrolment.error} retry={() => enrolment.mutate()} />
        {enrolment.isPending && <SkeletonLines lines={5} />}
        {enrolment.data && (
          <>
            <div className="row" style={{ justifyContent: 'center' }}>
              {/* Scanners need dark on white, whatever the theme. */}
              <QRCode
                aria-label={t('account:mfa.qr')}
                  size={196}
                  value={enrolment.data.otpauth_uri}
                  color="#10181b"
                  bgColor="#ffffff"
                  marginSize={2}
              />
            </div>
            <details>
              <summary>{t('account:mfa.by_hand')}</summary>
              <div className="secret" data-testid="mfa-secret" data-secret={enrolment.data.secret_base32}>
                {enrolment.data.secret_base32.replace(/(.{4})/g, '$1 ').trim()}
              </div>
            </details>
            <Form
              layout="vertical"
              requiredMark={false}
              onFinish={(values: { code: string }) => confirm.mutate(digits(values.code))}
            >
              <CodeField testid="mfa-code" />
              <div className="stack">
                <ProblemAlert error={confirm.error} />
                <Button type="primary" htmlType="submit" block loading={confirm.isPending} data-testid="mfa-confirm">
                  {t('account:mfa.confirm')}
                </Button>
              </div>
            </Form>
          </>
        )}
      </div>
    </div>
  );
}
