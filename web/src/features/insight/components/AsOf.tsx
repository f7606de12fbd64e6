// How fresh and how complete the figures beside it are.
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { StateTag, TimeText } from '@/shared/components/texts';

export function AsOf({ as_of, complete, reason }: { as_of: string; complete: boolean; reason: string | null }) {
  const { t } = useTranslation();
  const tag = <StateTag scope="figures" state={complete ? 'complete' : 'incomplete'} tone={complete ? 'good' : 'warn'} />;
  return (
    <span className="row wrap" data-testid="as-of">
      <span className="muted small">
        {t('insight:as_of')} <TimeText value={as_of} />
      </span>
      {reason ? <Tooltip title={reason}>{tag}</Tooltip> : tag}
    </span>
  );
}
