// A page that broke: what happened, and a way on. A chunk that is gone after an upgrade asks for a reload.
import { WarningOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { EmptyState } from '../shared/components/feedback';

export function RouteError() {
  const { t } = useTranslation();
  const error = useRouteError();
  const detail = error instanceof Error ? error.message : '';
  const outdated = /dynamically imported module|Failed to fetch/i.test(detail);
  return (
    <div className="page narrow" role="alert" data-testid="page-error">
      <EmptyState
        icon={<WarningOutlined />}
        title={outdated ? t('page_error.outdated') : t('page_error.title')}
        text={outdated ? t('page_error.outdated_text') : t('page_error.text')}
        action={
          <div className="stack">
            <div className="row" style={{ justifyContent: 'center' }}>
              <Button type="primary" onClick={() => window.location.reload()}>
                {t('page_error.reload')}
              </Button>
              <Button href="/">{t('not_found.home')}</Button>
            </div>
            {!outdated && detail && <code className="muted break">{detail}</code>}
          </div>
        }
      />
    </div>
  );
}
