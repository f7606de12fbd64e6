// Own settings (look, password, sessions) and, with the right, those of the company.
import { Button, Form, Input, Popconfirm, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { Tenant } from '@/shared/api/types';
import { permission, PermissionGuard, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { DetailPage, Facts, Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { change_language, country_name, language_names, languages, useLocale, type Language } from '@/shared/i18n';
import { device_name } from '@/shared/lib/device';
import { useStored } from '@/shared/lib/stored';
import { time_zones } from '@/shared/lib/time';
import { useTheme, type ThemeChoice } from '@/shared/theme';
import { PasswordField } from '../components/fields';
import { change_password, end_session, keys, save_preferences, save_tenant, useSessions, useTenant } from '../queries';

function LookPanel() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { choice, choose } = useTheme();
  const [density, setDensity] = useStored<'compact' | 'comfortable'>('density', 'compact');
  const save = useAct(save_preferences, { quiet: true });
  return (
    <Panel title={t('account:settings.look')}>
      <Facts
        items={[
          [
            t('language'),
            <Segmented
              key="language"
              value={locale}
              options={languages.map((each) => ({ value: each, label: language_names[each] }))}
              onChange={(value) => {
                void change_language(value as Language);
                save.mutate({ language: value });
              }}
            />,
          ],
          [
            t('theme.title'),
            <Segmented
              key="theme"
              value={choice}
              options={(['light', 'dark', 'system'] as const).map((each) => ({ value: each, label: t(`theme.${each}`) }))}
              onChange={(value) => {
                choose(value as ThemeChoice);
                save.mutate({ theme: value as ThemeChoice });
              }}
            />,
          ],
          [
            t('table.density'),
            <Segmented
              key="density"
              value={density}
              options={(['compact', 'comfortable'] as const).map((each) => ({ value: each, label: t(`table.${each}`) }))}
              onChange={(value) => {
                setDensity(value as 'compact' | 'comfortable');
                save.mutate({ density: value as 'compact' | 'comfortable' });
              }}
            />,
          ],
        ]}
      />
    </Panel>
  );
}

function PasswordPanel() {
  const { t } = useTranslation();
  const [form] = Form.useForm();
  const act = useAct(change_password, { done: t('account:password.changed'), touches: [keys.sessions], quiet: true });
  return (
    <Panel title={t('account:password.title')}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        style={{ maxWidth: 360 }}
        onFinish={(values: { current: string; new: string }) =>
          act.mutate(values, { onSuccess: () => form.resetFields() })
        }
      >
        <PasswordField name="current" label={t('account:password.current')} />
        <PasswordField name="new" label={t('account:password.new')} fresh />
        <div className="stack">
          <ProblemAlert error={act.error} />
          <div>
            <Button htmlType="submit" loading={act.isPending}>
              {t('account:password.change')}
            </Button>
          </div>
        </div>
      </Form>
    </Panel>
  );
}

function SessionsPanel() {
  const { t } = useTranslation();
  const sessions = useSessions();
  const end = useAct(end_session, { touches: [keys.sessions], done: t('account:settings.session_ended') });
  return (
    <Panel title={t('account:settings.sessions')} flush>
      {sessions.isPending && <SkeletonLines />}
      {sessions.error && <ProblemAlert error={sessions.error} retry={() => void sessions.refetch()} />}
      <div className="plain-wrap" tabIndex={0}>
        <table className="plain-table">
          <tbody>
            {(sessions.data ?? []).map((each) => (
              <tr key={each.id}>
                <td>
                  <div>{device_name(each.user_agent)}</div>
                  <div className="muted small">{each.ip}</div>
                </td>
                <td>
                  <TimeText value={each.last_seen_at} />
                </td>
                <td className="number">
                  {each.current ? (
                    <StateTag scope="session" state="current" tone="good" />
                  ) : (
                    <Popconfirm
                      title={t('account:settings.end_session_question')}
                      onConfirm={() => end.mutate(each.id)}
                      okText={t('account:settings.end_session')}
                    >
                      <Button size="small">{t('account:settings.end_session')}</Button>
                    </Popconfirm>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function CompanyPanel() {
  const { t } = useTranslation();
  const locale = useLocale();
  const tenant = useTenant();
  const save = useAct(save_tenant, { touches: [keys.tenant, ['session']], done: t('saved'), quiet: true });
  if (tenant.isPending) return <SkeletonLines />;
  if (!tenant.data) return <ProblemAlert error={tenant.error} retry={() => void tenant.refetch()} />;
  const shown = tenant.data;
  const required = { required: true, message: t('form.required') };
  return (
    <Panel title={t('account:settings.company')}>
      <div className="stack">
        <Facts
          items={[
            [t('account:field.legal_name'), shown.legal_name],
            [t('account:field.country'), country_name(shown.country, locale)],
            [
              shown.country === 'CN' ? t('account:field.credit_code') : t('account:field.registration_number'),
              <code key="number">{shown.registration_number}</code>,
            ],
            [t('account:field.book_currency'), shown.book_currency],
          ]}
        />
        <PermissionGuard needs={permission.tenant_write} quiet>
          <Form<Pick<Tenant, 'registered_address' | 'billing_email' | 'time_zone' | 'contact'>>
            layout="vertical"
            requiredMark={false}
            initialValues={shown}
            onFinish={(values) => save.mutate(values)}
          >
            <div className="halves" style={{ gap: '0 16px' }}>
              <Form.Item name="registered_address" label={t('account:field.registered_address')} rules={[required]}>
                <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} />
              </Form.Item>
              <Form.Item
                name="billing_email"
                label={t('account:field.billing_email')}
                rules={[{ ...required, type: 'email' }]}
              >
                <Input type="email" />
              </Form.Item>
              <Form.Item name={['contact', 'name']} label={t('account:field.contact_name')} rules={[required]}>
                <Input />
              </Form.Item>
              <Form.Item name={['contact', 'title']} label={t('account:field.title')} rules={[required]}>
                <Input />
              </Form.Item>
              <Form.Item name={['contact', 'email']} label={t('account:field.email')} rules={[{ ...required, type: 'email' }]}>
                <Input type="email" />
              </Form.Item>
              <Form.Item name={['contact', 'phone']} label={t('account:field.phone')} rules={[required]}>
                <Input type="tel" />
              </Form.Item>
              <Form.Item name="time_zone" label={t('account:field.time_zone')} extra={t('account:sign_up.time_zone_note')}>
                <Select showSearch options={time_zones().map((each) => ({ value: each, label: each }))} />
              </Form.Item>
            </div>
            <div className="stack">
              <ProblemAlert error={save.error} />
              <div>
                <Button type="primary" htmlType="submit" loading={save.isPending}>
                  {t('action.save')}
                </Button>
              </div>
            </div>
          </Form>
        </PermissionGuard>
      </div>
    </Panel>
  );
}

export default function SettingsPage() {
  const { t } = useTranslation();
  return (
    <DetailPage testid="settings-page" title={t('nav.settings')} narrow>
      <LookPanel />
      <PasswordPanel />
      <SessionsPanel />
      <CompanyPanel />
    </DetailPage>
  );
}
