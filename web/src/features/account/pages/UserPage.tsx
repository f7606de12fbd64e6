// One colleague: roles by scope, second factor, and the switch that ends every session at once.
import { App, Button, Input, Modal, Popconfirm } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useAct } from '@/shared/act';
import type { RoleGrant } from '@/shared/api/types';
import { Notice, permission, PermissionGuard, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { DetailPage, Facts, Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { usePermitted, useSession } from '@/shared/session';
import { RoleGrants } from '../components/RoleGrants';
import { disable_user, enable_user, keys, release_user, reset_mfa, reset_password, set_roles, useRoles, useUser } from '../queries';

export default function UserPage() {
  const { t } = useTranslation();
  const word = useWord();
  const { id = '' } = useParams();
  const user = useUser(id);
  const roles = useRoles();
  const me = useSession().data?.user?.id === id;
  const may_write = usePermitted()(permission.users_write);
  const [grants, setGrants] = useState<RoleGrant[]>([]);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  useEffect(() => {
    if (user.data) setGrants(user.data.roles);
  }, [user.data]);
  const save = useAct(set_roles, { touches: [keys.users], done: t('saved') });
  const disable = useAct(disable_user, { touches: [keys.users], done: t('account:users.disabled_done') });
  const enable = useAct(enable_user, { touches: [keys.users], done: t('account:users.enabled_done') });
  const release = useAct(release_user, { touches: [keys.users], done: t('account:users.release_done') });
  const reset = useAct(reset_mfa, { touches: [keys.users], done: t('account:users.mfa_reset_done') });

  const { modal } = App.useApp();
  const renew = useAct(reset_password, {});
  const show_link = (answer: { link_token: string }) =>
    modal.info({
      title: t('account:users.reset_password_link'),
      content: (
        <div className="secret" data-testid="reset-link">{`${window.location.origin}/password-reset/${answer.link_token}`}</div>
      ),
    });

  if (user.isPending) return <SkeletonLines lines={8} />;
  if (!user.data)
    return (
      <div className="page">
        <ProblemAlert error={user.error} retry={() => void user.refetch()} />
      </div>
    );
  const shown = user.data;
  const granted = [
    ...new Set(grants.flatMap((each) => roles.data?.find((role) => role.name === each.role)?.permissions ?? [])),
  ].sort();
  return (
    <DetailPage
      testid="user-page"
      title={shown.name}
      note={shown.email}
      back={{ to: '/users', label: t('nav.users') }}
      tags={<StateTag scope="user" state={shown.state} />}
      actions={
        <>
          {!me && shown.state === 'frozen' && (
            <PermissionGuard needs={permission.compliance_write} quiet>
              <Popconfirm
                title={t('account:users.release_question')}
                onConfirm={() => release.mutate(id)}
                okText={t('account:users.release')}
              >
                <Button type="primary" data-testid="user-release">
                  {t('account:users.release')}
                </Button>
              </Popconfirm>
            </PermissionGuard>
          )}
          <PermissionGuard needs={permission.users_write} quiet>
          {!me && (
            <>
              <Popconfirm
                title={t('account:users.reset_mfa_question')}
                onConfirm={() => reset.mutate(id)}
                okText={t('account:users.reset_mfa')}
              >
                <Button>{t('account:users.reset_mfa')}</Button>
              </Popconfirm>
              <Popconfirm
                title={t('account:users.reset_password_question')}
                onConfirm={() => renew.mutate(id, { onSuccess: show_link })}
                okText={t('account:users.reset_password')}
              >
                <Button>{t('account:users.reset_password')}</Button>
              </Popconfirm>
              {shown.state === 'disabled' ? (
                <Button onClick={() => enable.mutate(id)}>{t('account:users.enable')}</Button>
              ) : (
                <Button danger onClick={() => setAsking(true)} data-testid="user-disable">
                  {t('account:users.disable')}
                </Button>
              )}
            </>
          )}
          </PermissionGuard>
        </>
      }
    >
      {shown.state === 'frozen' && <Notice tone="warn">{t('errors:account.frozen')}</Notice>}
      {me && <Notice>{t('account:users.this_is_you')}</Notice>}
      <div className="columns">
        <div className="stack" style={{ gap: 16 }}>
          <Panel title={t('account:users.roles')}>
            <div className="stack">
              {may_write && !me ? (
                <>
                  <RoleGrants value={grants} onChange={setGrants} />
                  <p className="muted small">{t('account:users.scope_note')}</p>
                  <div>
                    <Button
                      type="primary"
                      loading={save.isPending}
                      disabled={JSON.stringify(grants) === JSON.stringify(shown.roles)}
                      onClick={() => save.mutate({ id, roles: grants })}
                    >
                      {t('action.save')}
                    </Button>
                  </div>
                </>
              ) : (
                <ul>
                  {shown.roles.map((each) => (
                    <li key={each.role}>{word('role', each.role)}</li>
                  ))}
                </ul>
              )}
            </div>
          </Panel>
          <Panel title={t('account:users.may')}>
            <ul className="row wrap">
              {granted.map((each) => (
                <li key={each} className="chip">
                  {word('permission', each)}
                </li>
              ))}
            </ul>
          </Panel>
        </div>
        <Panel title={t('account:users.about')}>
          <Facts
            items={[
              [
                t('account:users.mfa'),
                <StateTag
                  key="mfa"
                  scope="mfa"
                  state={shown.mfa_enrolled ? 'enrolled' : 'missing'}
                  tone={shown.mfa_enrolled ? 'good' : 'warn'}
                />,
              ],
              [t('account:users.last_sign_in'), <TimeText key="last" value={shown.last_sign_in_at} />],
              [t('account:users.since'), <TimeText key="since" value={shown.created_at} form="minute" />],
              [t('account:users.acts'), <Link key="acts" to={`/audit?actor_id=${id}`}>{t('account:users.see_acts')}</Link>],
            ]}
          />
        </Panel>
      </div>
      <Modal
        open={asking}
        title={t('account:users.disable_title', { name: shown.name })}
        okText={t('account:users.disable')}
        okButtonProps={{ danger: true, disabled: reason.trim() === '', loading: disable.isPending }}
        onCancel={() => setAsking(false)}
        onOk={() => disable.mutate({ id, reason: reason.trim() }, { onSuccess: () => setAsking(false) })}
      >
        <div className="stack">
          <p>{t('account:users.disable_text')}</p>
          <Input
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            placeholder={t('field.reason')}
            aria-label={t('field.reason')}
          />
        </div>
      </Modal>
    </DetailPage>
  );
}
