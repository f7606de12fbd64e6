// Roles of a user, each over all shops or chosen ones.
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RoleGrant } from '@/shared/api/types';
import { useWord } from '@/shared/i18n';
import { useShopOptions, useShops } from '@/shared/lookups';
import { useRoles } from '../queries';

export function RoleGrants({ value = [], onChange }: { value?: RoleGrant[]; onChange?: (value: RoleGrant[]) => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const roles = useRoles();
  const shops = useShopOptions();
  const change = (index: number, part: Partial<RoleGrant>) =>
    onChange?.(value.map((each, at) => (at === index ? { ...each, ...part } : each)));
  const left = (roles.data ?? []).filter((role) => !value.some((each) => each.role === role.name));
  return (
    <div className="stack" data-testid="role-grants">
      {value.map((grant, index) => (
        <div key={index} className="row">
          <Select
            style={{ width: 170 }}
            value={grant.role || undefined}
            placeholder={t('account:users.role')}
            aria-label={t('account:users.role')}
            options={(roles.data ?? []).map((role) => ({ value: role.name, label: word('role', role.name) }))}
            onChange={(role: string) => change(index, { role })}
          />
          <Select
            className="grow"
            mode="multiple"
            maxTagCount={2}
            value={grant.shops ?? []}
            placeholder={t('account:users.all_shops')}
            aria-label={t('account:users.shops')}
            options={shops}
            onChange={(chosen: string[]) => change(index, { shops: chosen.length > 0 ? chosen : null })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('action.remove')}
            onClick={() => onChange?.(value.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button
        type="dashed"
        icon={<PlusOutlined />}
        disabled={left.length === 0}
        onClick={() => onChange?.([...value, { role: left[0]?.name ?? '', shops: null }])}
        data-testid="add-role"
      >
        {t('account:users.add_role')}
      </Button>
    </div>
  );
}

export function GrantsText({ roles }: { roles: RoleGrant[] }) {
  const { t } = useTranslation();
  const word = useWord();
  const shops = useShops().data ?? [];
  const scope = (grant: RoleGrant) =>
    grant.shops === null
      ? t('account:users.all_shops')
      : grant.shops.map((id) => shops.find((shop) => shop.id === id)?.name ?? id).join(', ');
  if (roles.length === 0) return <span className="muted">{t('account:users.no_role')}</span>;
  return (
    <>
      {roles.map((each, index) => (
        <span key={each.role}>
          {index > 0 && ' · '}
          {word('role', each.role)} <span className="muted">({scope(each)})</span>
        </span>
      ))}
    </>
  );
}
