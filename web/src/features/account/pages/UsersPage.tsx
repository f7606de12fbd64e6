// Colleagues, their roles and scopes, and open invitations.
import { UserAddOutlined } from '@ant-design/icons';
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAct } from '@/shared/act';
import { useKeysetList } from '@/shared/api/list';
import type { User } from '@/shared/api/types';
import { DataTable, type Column } from '@/shared/components/DataTable';
import { EmptyState, permission, PermissionGuard } from '@/shared/components/feedback';
import { ListPage, Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { GrantsText } from '../components/RoleGrants';
import { InviteDrawer } from '../components/InviteDrawer';
import { keys, useInvitations, withdraw_invitation } from '../queries';

function Invitations() {
  const { t } = useTranslation();
  const invitations = useInvitations();
  const withdraw = useAct(withdraw_invitation, {
    touches: [keys.invitations],
    done: t('account:users.invitation_withdrawn'),
  });
  if (!invitations.data?.length) return null;
  return (
    <Panel title={t('account:users.open_invitations')} flush>
      <div className="plain-wrap" tabIndex={0}>
        <table className="plain-table">
          <tbody>
            {invitations.data.map((each) => (
              <tr key={each.id}>
                <td>
                  <span className="strong">{each.name}</span> <span className="muted break">{each.email}</span>
                </td>
                <td>
                  <GrantsText roles={each.roles} />
                </td>
                <td className="muted">
                  {t('account:invitation.expires')} <TimeText value={each.expires_at} />
                </td>
                <td className="number">
                  <Popconfirm
                    title={t('account:users.withdraw_question')}
                    onConfirm={() => withdraw.mutate(each.id)}
                    okText={t('account:users.withdraw')}
                  >
                    <Button size="small">{t('account:users.withdraw')}</Button>
                  </Popconfirm>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

export default function UsersPage() {
  const { t } = useTranslation();
  const [inviting, setInviting] = useState(false);
  const list = useKeysetList<User>('/users', {});
  const columns: Column<User>[] = [
    {
      id: 'name',
      header: t('account:field.name'),
      width: 160,
      grow: 1,
      card: 'title',
      cell: (user) => <Link to={`/users/${user.id}`}>{user.name}</Link>,
    },
    { id: 'email', header: t('account:field.email'), width: 200, grow: 1, cell: (user) => user.email },
    {
      id: 'roles',
      header: t('account:users.roles'),
      width: 260,
      grow: 2,
      cell: (user) => <GrantsText roles={user.roles} />,
    },
    {
      id: 'mfa',
      header: t('account:users.mfa'),
      width: 120,
      cell: (user) => (
        <StateTag
          scope="mfa"
          state={user.mfa_enrolled ? 'enrolled' : 'missing'}
          tone={user.mfa_enrolled ? 'good' : 'warn'}
        />
      ),
    },
    {
      id: 'last',
      header: t('account:users.last_sign_in'),
      width: 130,
      cell: (user) => <TimeText value={user.last_sign_in_at} />,
    },
    {
      id: 'state',
      header: t('field.state'),
      width: 110,
      card: 'aside',
      cell: (user) => <StateTag scope="user" state={user.state} />,
    },
  ];
  return (
    <ListPage
      testid="users-page"
      title={t('nav.users')}
      actions={
        <PermissionGuard needs={permission.users_write} quiet>
          <Button type="primary" icon={<UserAddOutlined />} onClick={() => setInviting(true)} data-testid="invite">
            {t('account:users.invite')}
          </Button>
        </PermissionGuard>
      }
    >
      <Invitations />
      <DataTable
        id="users"
        label={t('nav.users')}
        columns={columns}
        list={list}
        row_key={(user) => user.id}
        row_link={(user) => `/users/${user.id}`}
        empty={<EmptyState title={t('account:users.empty')} text={t('account:users.empty_text')} />}
      />
      <InviteDrawer open={inviting} close={() => setInviting(false)} />
    </ListPage>
  );
}
