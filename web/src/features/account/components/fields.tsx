// Form fields that several account pages share, with their rules.
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];

export function password_is_strong(text: string): boolean {
  return text.length >= 12 && classes.every((each) => each.test(text));
}

export function PasswordField({
  name,
  label,
  fresh = false,
  testid,
}: {
  name: string;
  label: string;
  fresh?: boolean;
  testid?: string;
}) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name={name}
      label={label}
      extra={fresh ? t('account:password.rule') : undefined}
      rules={[
        { required: true, message: t('form.required') },
        ...(fresh
          ? [
              {
                validator: (_: unknown, value: string | undefined) =>
                  !value || password_is_strong(value)
                    ? Promise.resolve()
                    : Promise.reject(new Error(t('account:password.weak'))),
              },
            ]
          : []),
      ]}
    >
      <Input.Password autoComplete={fresh ? 'new-password' : 'current-password'} data-testid={testid} />
    </Form.Item>
  );
}

export function CodeField({ testid }: { testid?: string }) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name="code"
      label={t('account:mfa.code')}
      rules={[{ required: true, pattern: /^\s*\d{3}\s?\d{3}\s*$/, message: t('account:mfa.code_rule') }]}
    >
      <Input
        autoFocus
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={7}
        size="large"
        placeholder="000 000"
        style={{ letterSpacing: '0.2em', fontVariantNumeric: 'tabular-nums' }}
        data-testid={testid}
      />
    </Form.Item>
  );
}

export const digits = (text: string) => text.replace(/\s/g, '');
