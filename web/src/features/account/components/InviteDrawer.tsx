// Invites a colleague; the link is shown once and also mailed when mail is set up.
import { App, Button, Drawer, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { RoleGrant } from '@/shared/api/types';
import { Notice, ProblemAlert } from '@/shared/components/feedback';
import { copy_text } from '@/shared/lib/browser';
import { invite, keys } from '../queries';
import { RoleGrants } from './RoleGrants';

export function InviteDrawer({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const copy_and_tell = async (text: string) => {
    const done = await copy_text(text);
    void message.info(done ? t('copied') : t('copy_failed'));
  };
  const [link, setLink] = useState<string | null>(null);
  const act = useAct(invite, { touches: [keys.invitations], quiet: true });
  const end = () => {
    setLink(null);
    act.reset();
    close();
  };
  return (
    <Drawer open={open} onClose={end} size={520} title={t('account:users.invite')} destroyOnHidden>
      {link ? (
        <div className="stack">
          <Notice tone="good">{t('account:users.invited')}</Notice>
          <div className="secret" data-testid="invitation-link">
            {link}
          </div>
          <div className="row">
            <Button
              type="primary"
              onClick={() =>
                void copy_and_tell(link)
              }
            >
              {t('action.copy')}
            </Button>
            <Button onClick={end}>{t('action.close')}</Button>
          </div>
        </div>
      ) : (
        <Form
          layout="vertical"
          requiredMark={false}
          initialValues={{ roles: [{ role: 'operator', shops: null }] }}
          onFinish={(values: { email: string; name: string; roles: RoleGrant[] }) =>
            act.mutate(values, {
              onSuccess: (answer) => setLink(`${window.location.origin}/invitation/${answer.link_token}`),
            })
          }
        >
          <Form.Item
            name="email"
            label={t('account:field.email')}
            rules={[{ required: true, type: 'email', message: t('form.email') }]}
          >
            <Input type="email" autoFocus data-testid="invite-email" />
          </Form.Item>
          <Form.Item name="name" label={t('account:field.name')} rules={[{ required: true, message: t('form.required') }]}>
            <Input data-testid="invite-name" />
          </Form.Item>
          <Form.Item name="roles" label={t('account:users.roles')} extra={t('account:users.scope_note')}>
            <RoleGrants />
          </Form.Item>
          <div className="stack">
            <ProblemAlert error={act.error} />
            <Button type="primary" htmlType="submit" loading={act.isPending} data-testid="invite-submit">
              {t('account:users.send_invitation')}
            </Button>
          </div>
        </Form>
      )}
    </Drawer>
  );
}
