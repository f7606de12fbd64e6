// Marketplaces in which the seller takes part, and which of them are synced.
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { Shop } from '@/shared/api/types';
import { country_name, useLocale } from '@/shared/i18n';
import { permission, usePermitted } from '@/shared/session';
import { keys, save_marketplaces } from '../queries';

export function MarketplacePicker({ shop, done }: { shop: Shop; done?: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const may = usePermitted()(permission.shops_write);
  const [enabled, setEnabled] = useState(() => {
    const now = shop.marketplaces.filter((each) => each.enabled).map((each) => each.id);
    return now.length > 0 || !done
      ? now
      : shop.marketplaces.filter((each) => each.participating).map((each) => each.id);
  });
  const save = useAct(save_marketplaces, { touches: [keys.shops], done: done ? undefined : t('saved') });
  const before = shop.marketplaces.filter((each) => each.enabled).map((each) => each.id);
  const changed = [...enabled].sort().join() !== [...before].sort().join();
  return (
    <div className="stack" data-testid="marketplaces">
      {shop.marketplaces.map((each) => (
        <Checkbox
          key={each.id}
          disabled={!may || (!each.participating && !each.enabled)}
          checked={enabled.includes(each.id)}
          onChange={(event) =>
            setEnabled(event.target.checked ? [...enabled, each.id] : enabled.filter((id) => id !== each.id))
          }
        >
          {each.name}{' '}
          <span className="muted">
            {country_name(each.country, locale)} · {each.currency}
            {!each.participating && ` · ${t('channel:marketplaces.not_participating')}`}
          </span>
        </Checkbox>
      ))}
      {may && (
        <div>
          <Button
            type={done ? 'primary' : 'default'}
            disabled={done ? enabled.length === 0 : !changed}
            loading={save.isPending}
            onClick={() => save.mutate({ id: shop.id, enabled }, { onSuccess: () => done?.() })}
            data-testid="marketplaces-save"
          >
            {done ? t('channel:marketplaces.start') : t('action.save')}
          </Button>
        </div>
      )}
    </div>
  );
}
