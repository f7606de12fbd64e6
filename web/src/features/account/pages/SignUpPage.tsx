// A company opens its account: who it is by law, who speaks for it, and how it keeps its books.
import { useMutation } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ProblemAlert } from '@/shared/components/feedback';
import { usePageTitle } from '@/shared/components/page';
import { country_name, useLocale } from '@/shared/i18n';
import { credit_code_fault } from '@/shared/lib/credit_code';
import { browser_zone, time_zones } from '@/shared/lib/time';
import { common_countries, common_currencies } from '@/shared/lookups';
import { PasswordField } from '../components/fields';
import { useGate } from '../components/useGate';
import type { SignUp } from '@/shared/api/types';
import { sign_up } from '../queries';

type Values = Omit<SignUp, 'language'>;

export default function SignUpPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const gate = useGate();
  const [form] = Form.useForm<Values>();
  const country = Form.useWatch(['company', 'country'], form) as string | undefined;
  usePageTitle(t('account:sign_up.title'));
  const act = useMutation({ mutationFn: sign_up, onSuccess: gate });
  const required = { required: true, message: t('form.required') };
  const email = { required: true, type: 'email' as const, message: t('form.email') };
  const countries = useMemo(
    () =>
      ['CN', ...common_countries.filter((each) => each !== 'CN')].map((each) => ({
        value: each,
        label: `${country_name(each, locale)} (${each})`,
      })),
    [locale],
  );
  const number_rule = {
    validator: (_: unknown, value: string | undefined) => {
      if (!value || country !== 'CN') return Promise.resolve();
      const fault = credit_code_fault(value);
      return fault ? Promise.reject(new Error(t(`account:sign_up.credit_code_${fault}`))) : Promise.resolve();
    },
  };
  return (
    <div className="gate-card wide">
      <h1>{t('account:sign_up.title')}</h1>
      <p className="lead">{t('account:sign_up.lead')}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        scrollToFirstError
        initialValues={{
          company: { country: locale === 'zh-CN' ? 'CN' : 'US' },
          book_currency: locale === 'zh-CN' ? 'CNY' : 'USD',
          time_zone: browser_zone(),
          accept_terms: false,
        }}
        onFinish={(values) => act.mutate({ ...values, language: locale })}
      >
        <h2 className="form-part">{t('account:sign_up.company')}</h2>
        <div className="halves" style={{ gap: '0 16px' }}>
          <Form.Item name={['company', 'legal_name']} label={t('account:field.legal_name')} rules={[required]}>
            <Input autoFocus autoComplete="organization" data-testid="sign-up-legal-name" />
          </Form.Item>
          <Form.Item name={['company', 'country']} label={t('account:field.country')} rules={[required]}>
            <Select showSearch={{ optionFilterProp: 'label' }} options={countries} data-testid="sign-up-country" />
          </Form.Item>
          <Form.Item
            name={['company', 'registration_number']}
            label={country === 'CN' ? t('account:field.credit_code') : t('account:field.registration_number')}
            dependencies={[['company', 'country']]}
            normalize={(value: string) => (country === 'CN' ? value.toUpperCase().replace(/\s/g, '') : value)}
            rules={[required, number_rule]}
            hasFeedback={country === 'CN'}
          >
            <Input
              className={country === 'CN' ? 'mono' : undefined}
              maxLength={country === 'CN' ? 18 : 64}
              autoComplete="off"
              data-testid="sign-up-registration-number"
            />
          </Form.Item>
          <Form.Item name={['company', 'billing_email']} label={t('account:field.billing_email')} rules={[email]}>
            <Input type="email" data-testid="sign-up-billing-email" />
          </Form.Item>
        </div>
        <Form.Item
          name={['company', 'registered_address']}
          label={t('account:field.registered_address')}
          rules={[required]}
        >
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} data-testid="sign-up-address" />
        </Form.Item>

        <h2 className="form-part">{t('account:sign_up.contact')}</h2>
        <div className="halves" style={{ gap: '0 16px' }}>
          <Form.Item name={['contact', 'name']} label={t('account:field.name')} rules={[required]}>
            <Input autoComplete="name" data-testid="sign-up-name" />
          </Form.Item>
          <Form.Item name={['contact', 'title']} label={t('account:field.title')} rules={[required]}>
            <Input autoComplete="organization-title" data-testid="sign-up-title" />
          </Form.Item>
          <Form.Item name={['contact', 'email']} label={t('account:field.email')} rules={[email]}>
            <Input type="email" autoComplete="username" data-testid="sign-up-email" />
          </Form.Item>
          <Form.Item
            name={['contact', 'phone']}
            label={t('account:field.phone')}
            rules={[{ required: true, pattern: /^\+?[\d\s()-]{5,24}$/, message: t('form.phone') }]}
          >
            <Input type="tel" autoComplete="tel" placeholder="+86 …" data-testid="sign-up-phone" />
          </Form.Item>
        </div>
        <PasswordField name="password" label={t('account:field.password')} fresh testid="sign-up-password" />

        <h2 className="form-part">{t('account:sign_up.books')}</h2>
        <div className="halves" style={{ gap: '0 16px' }}>
          <Form.Item
            name="book_currency"
            label={t('account:field.book_currency')}
            extra={t('account:sign_up.book_currency_note')}
            rules={[required]}
          >
            <Select
              showSearch
              options={common_currencies.map((each) => ({ value: each, label: each }))}
              data-testid="sign-up-currency"
            />
          </Form.Item>
          <Form.Item
            name="time_zone"
            label={t('account:field.time_zone')}
            extra={t('account:sign_up.time_zone_note')}
            rules={[required]}
          >
            <Select
              showSearch
              options={time_zones().map((each) => ({ value: each, label: each }))}
              data-testid="sign-up-zone"
            />
          </Form.Item>
        </div>
        <Form.Item
          name="accept_terms"
          valuePropName="checked"
          rules={[
            {
              validator: (_, value: boolean) =>
                value ? Promise.resolve() : Promise.reject(new Error(t('account:sign_up.terms_needed'))),
            },
          ]}
        >
          <Checkbox data-testid="sign-up-terms">{t('account:sign_up.terms')}</Checkbox>
        </Form.Item>
        <div className="stack">
          <ProblemAlert error={act.error} />
          <Button type="primary" htmlType="submit" size="large" loading={act.isPending} data-testid="sign-up-submit">
            {t('account:sign_up.submit')}
          </Button>
          <span className="muted">
            {t('account:sign_up.has_account')} <Link to="/sign-in">{t('account:sign_in.title')}</Link>
          </span>
        </div>
      </Form>
    </div>
  );
}
