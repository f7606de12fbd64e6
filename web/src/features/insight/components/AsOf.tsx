// How fresh and how complete the figures beside it are.
import { Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Freshness } from '@/shared/api/types';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useShops } from '@/shared/lookups';

export function AsOf({ figures }: { figures: Freshness }) {
  const { t, i18n } = useTranslation();
  const shops = useShops().data ?? [];
  const tag = (
    <StateTag
      scope="figures"
      state={figures.complete ? 'complete' : 'incomplete'}
      tone={figures.complete ? 'good' : 'warn'}
    />
  );
  const reasons = (
    <ul style={{ maxWidth: 360 }}>
      {figures.gaps.map((gap, index) => (
        <li key={index}>
          {gap.shop_id && <b>{shops.find((shop) => shop.id === gap.shop_id)?.name} </b>}
          {i18n.exists(`insight:gap.${gap.code}`) ? t(`insight:gap.${gap.code}`, { number: gap.count }) : gap.detail}
        </li>
      ))}
      {figures.gaps.length === 0 && <li>{figures.incomplete_reason}</li>}
    </ul>
  );
  return (
    <span className="row wrap" data-testid="as-of" data-complete={figures.complete}>
      <span className="muted small">
        {t('insight:as_of')} <TimeText value={figures.as_of} />
      </span>
      {figures.complete ? (
        tag
      ) : (
        <Popover content={reasons} trigger={['hover', 'click']}>
          <button type="button" className="plain">
            {tag}
          </button>
        </Popover>
      )}
    </span>
  );
}
