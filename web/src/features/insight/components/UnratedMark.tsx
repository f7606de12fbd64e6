// Beside an amount in book currency: lines that no exchange rate could value are not in it.
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';

export function UnratedMark({ lines }: { lines: number | undefined }) {
  const { t } = useTranslation();
  if (!lines) return null;
  return (
    <Tooltip title={t('insight:unrated_why', { count: lines })}>
      <span className="state warn" tabIndex={0} data-testid="unrated">
        {t('insight:unrated')}
      </span>
    </Tooltip>
  );
}
