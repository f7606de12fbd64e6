// Keys for programs: scoped, expiring, shown once.
import { PlusOutlined } from '@ant-design/icons';
import { App, Button, DatePicker, Drawer, Form, Input, Popconfirm, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import { now } from '@/shared/clock';
import { EmptyState, Notice, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { DetailPage, Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { copy_text } from '@/shared/lib/browser';
import { useShopOptions } from '@/shared/lookups';
import { useSession } from '@/shared/session';
import { create_api_key, keys, revoke_api_key, useApiKeys } from '../queries';

interface Values {
  name: string;
  permissions: string[];
  shops?: string[];
  expires_at?: Dayjs;
}

function NewKey({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const { message } = App.useApp();
  const copy_and_tell = async (text: string) => {
    const done = await copy_text(text);
    void message.info(done ? t('copied') : t('copy_failed'));
  };
  const shops = useShopOptions();
  const mine = useSession().data?.permissions ?? [];
  const [key, setKey] = useState<string | null>(null);
  const act = useAct(create_api_key, { touches: [keys.api_keys], quiet: true });
  const end = () => {
    setKey(null);
    act.reset();
    close();
  };
  const send = (values: Values) =>
    act.mutate(
      {
        name: values.name,
        permissions: values.permissions,
        shops: values.shops?.length ? values.shops : null,
        expires_at: values.expires_at ? values.expires_at.endOf('day').toISOString() : null,
      },
      { onSuccess: (answer) => setKey(answer.key) },
    );
  return (
    <Drawer open={open} onClose={end} size={520} title={t('account:keys.create')} destroyOnHidden>
      {key ? (
        <div className="stack">
          <Notice tone="warn">{t('account:keys.once')}</Notice>
          <div className="secret" data-testid="api-key">
            {key}
          </div>
          <div className="row">
            <Button
              type="primary"
              onClick={() => void copy_and_tell(key)}
            >
              {t('action.copy')}
            </Button>
            <Button onClick={end}>{t('action.close')}</Button>
          </div>
        </div>
      ) : (
        <Form layout="vertical" requiredMark={false} onFinish={send}>
          <Form.Item name="name" label={t('account:keys.name')} rules={[{ required: true, message: t('form.required') }]}>
            <Input autoFocus placeholder={t('account:keys.name_example')} />
          </Form.Item>
          <Form.Item
            name="permissions"
            label={t('account:users.may')}
            extra={t('account:keys.permissions_note')}
            rules={[{ required: true, message: t('form.required') }]}
          >
            <Select mode="multiple" options={mine.map((each) => ({ value: each, label: word('permission', each) }))} />
          </Form.Item>
          <Form.Item name="shops" label={t('account:users.shops')}>
            <Select mode="multiple" options={shops} placeholder={t('account:users.all_shops')} />
          </Form.Item>
          <Form.Item name="expires_at" label={t('account:keys.expires')} rules={[{ required: true, message: t('form.required') }]}>
            <DatePicker disabledDate={(day) => day.valueOf() < now()} style={{ width: '100%' }} />
          </Form.Item>
          <div className="stack">
            <ProblemAlert error={act.error} />
            <Button type="primary" htmlType="submit" loading={act.isPending}>
              {t('account:keys.create')}
            </Button>
          </div>
        </Form>
      )}
    </Drawer>
  );
}

export default function ApiKeysPage() {
  const { t } = useTranslation();
  const list = useApiKeys();
  const [making, setMaking] = useState(false);
  const revoke = useAct(revoke_api_key, { touches: [keys.api_keys], done: t('account:keys.revoked') });
  return (
    <DetailPage
      testid="api-keys-page"
      title={t('nav.api_keys')}
      note={t('account:keys.note')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
          {t('account:keys.create')}
        </Button>
      }
    >
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      <Panel flush>
        {list.isPending && <SkeletonLines />}
        {list.data?.length === 0 && <EmptyState title={t('account:keys.empty')} text={t('account:keys.empty_text')} />}
        {!!list.data?.length && (
          <div className="plain-wrap" tabIndex={0}>
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">{t('account:keys.name')}</th>
                  <th scope="col">{t('account:users.may')}</th>
                  <th scope="col">{t('account:keys.last_used')}</th>
                  <th scope="col">{t('account:keys.expires')}</th>
                  <th scope="col">
                    <span className="sr-only">{t('field.actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {list.data.map((each) => (
                  <tr key={each.id}>
                    <td>
                      <div className="strong">{each.name}</div>
                      <code className="muted">{each.prefix}…</code>
                    </td>
                    <td className="muted small">{each.permissions.join(', ')}</td>
                    <td>{each.last_used_at ? <TimeText value={each.last_used_at} /> : t('account:keys.never')}</td>
                    <td>
                      {each.expires_at && Date.parse(each.expires_at) < now() ? (
                        <StateTag scope="key" state="expired" tone="warn" />
                      ) : (
                        <TimeText value={each.expires_at} />
                      )}
                    </td>
                    <td className="number">
                      <Popconfirm
                        title={t('account:keys.revoke_question')}
                        onConfirm={() => revoke.mutate(each.id)}
                        okText={t('account:keys.revoke')}
                      >
                        <Button size="small" danger>
                          {t('account:keys.revoke')}
                        </Button>
                      </Popconfirm>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
      <NewKey open={making} close={() => setMaking(false)} />
    </DetailPage>
  );
}
