// First step of an import: which shop, which file.
import { InboxOutlined } from '@ant-design/icons';
import { Select } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useAct } from '@/shared/act';
import { EmptyState, Notice, ProblemAlert, Progress } from '@/shared/components/feedback';
import { DetailPage, Panel } from '@/shared/components/page';
import { useLocale } from '@/shared/i18n';
import { format_bytes } from '@/shared/lib/money';
import { useShops } from '@/shared/lookups';
import { WizardSteps } from '../components/WizardSteps';
import { keys, upload_file } from '../queries';

export default function ImportStartPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const shops = useShops();
  const file_shops = (shops.data ?? []).filter((shop) => shop.channel === 'file');
  const [chosen, setChosen] = useState<string | undefined>(params.get('shop_id') ?? undefined);
  const shop_id = chosen ?? file_shops[0]?.id;
  const [over, setOver] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const upload = useAct(upload_file, { touches: [keys.imports], quiet: true });
  const take = (files: FileList | null) => {
    const first = files?.[0];
    if (!first || !shop_id) return;
    setFile(first);
    upload.mutate({ shop_id, file: first }, { onSuccess: (made) => void navigate(`/imports/${made.id}`) });
  };
  return (
    <DetailPage narrow testid="import-start-page" title={t('imports:new')} back={{ to: '/imports', label: t('nav.imports') }}>
      <WizardSteps at={0} />
      <Panel>
        {shops.data && file_shops.length === 0 ? (
          <EmptyState
            title={t('imports:no_shop')}
            text={t('imports:no_shop_text')}
            action={<Link to="/shops/connect">{t('imports:make_shop')}</Link>}
          />
        ) : (
          <div className="stack" style={{ gap: 16 }}>
            <label className="stack tight">
              <span>{t('imports:shop')}</span>
              <Select
                style={{ maxWidth: 320 }}
                value={shop_id}
                onChange={(value: string) => setChosen(value)}
                options={file_shops.map((shop) => ({ value: shop.id, label: shop.name }))}
                aria-label={t('imports:shop')}
              />
            </label>
            <label
              className={over ? 'drop over' : 'drop'}
              onDragOver={(event) => {
                event.preventDefault();
                setOver(true);
              }}
              onDragLeave={() => setOver(false)}
              onDrop={(event) => {
                event.preventDefault();
                setOver(false);
                take(event.dataTransfer.files);
              }}
            >
              <InboxOutlined style={{ fontSize: 32 }} className="muted" />
              <span className="strong">{t('imports:drop')}</span>
              <span className="muted">{t('imports:drop_note')}</span>
              <input
                ref={input}
                type="file"
                accept=".csv,.tsv,.txt,.gz,text/csv"
                className="sr-only"
                onChange={(event) => take(event.target.files)}
                data-testid="import-file"
              />
            </label>
            {upload.isPending && file && (
              <div className="stack tight">
                <Progress percent={null} label={t('imports:uploading')} />
                <span className="muted small">
                  {t('imports:uploading')} {file.name} · {format_bytes(file.size, locale)}
                </span>
              </div>
            )}
            <ProblemAlert error={upload.error} />
            <Notice>{t('imports:pii_note')}</Notice>
          </div>
        )}
      </Panel>
    </DetailPage>
  );
}
