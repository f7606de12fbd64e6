// Download of the rows that the filters choose; the server streams, filters by permission and logs it.
import { DownloadOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { api_url, type Query } from '../api/client';
import { useNarrow } from '../lib/media';

export function ExportButton({ path, query }: { path: string; query: Query }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const link = (format: 'csv' | 'xlsx') => (
    <a href={api_url(path, { ...query, format })} download data-testid={`export-${format}`}>
      {t(`export.${format}`)}
    </a>
  );
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'csv', label: link('csv') },
          { key: 'xlsx', label: link('xlsx') },
        ],
      }}
    >
      <Button icon={<DownloadOutlined />} aria-label={t('export.title')} data-testid="export">
        {narrow ? null : t('export.title')}
      </Button>
    </Dropdown>
  );
}
