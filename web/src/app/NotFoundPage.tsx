// An address that leads nowhere.
import { CompassOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '../shared/components/feedback';
import { usePageTitle } from '../shared/components/page';

export function NotFoundPage() {
  const { t } = useTranslation();
  usePageTitle(t('not_found.title'));
  return (
    <div className="page" data-testid="not-found">
      <EmptyState
        icon={<CompassOutlined />}
        title={t('not_found.title')}
        text={t('not_found.text')}
        action={<Link to="/">{t('not_found.home')}</Link>}
      />
    </div>
  );
}
