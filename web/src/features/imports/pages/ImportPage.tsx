// One import from preview to result; the same address shows it later.
import { DownloadOutlined } from '@ant-design/icons';
import { Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useAct } from '@/shared/act';
import type { ImportFile } from '@/shared/api/types';
import { Notice, permission, PermissionGuard, ProblemAlert, Progress, SkeletonLines } from '@/shared/components/feedback';
import { DetailPage, Facts, Panel } from '@/shared/components/page';
import { QuantityText, StateTag, TimeText } from '@/shared/components/texts';
import { useLocale } from '@/shared/i18n';
import { format_bytes, format_quantity } from '@/shared/lib/money';
import { format_duration } from '@/shared/lib/time';
import { useShops } from '@/shared/lookups';
import { ColumnsStep } from '../components/ColumnsStep';
import { WizardSteps } from '../components/WizardSteps';
import { error_file, keys, undo_import, useImport } from '../queries';

const counts = [
  'rows',
  'orders_created',
  'orders_changed',
  'unchanged',
  'lines',
  'cancelled',
  'adjustments',
  'fees',
  'skipped',
  'dropped_pii_columns',
  'orders_removed',
] as const;

function Running({ file }: { file: ImportFile }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { progress } = file;
  return (
    <Panel title={file.state === 'undoing' ? t('imports:undoing') : t(`imports:phase.${progress.phase}`)} testid="import-running">
      <div className="stack">
        <Progress percent={progress.percent} label={t('imports:running')} />
        <span className="muted">
          {t('imports:rows_read', {
            rows: format_quantity(progress.rows_read, locale),
            total: progress.rows_total === 0 ? '…' : format_quantity(progress.rows_total, locale),
          })}
        </span>
        <span className="muted small">{t('imports:may_leave')}</span>
      </div>
    </Panel>
  );
}

function Result({ file }: { file: ImportFile }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const undo = useAct(undo_import, { touches: [keys.imports, keys.orders], done: t('imports:undone') });
  const { i18n } = useTranslation();
  const failure =
    file.failure && i18n.exists(`errors:${file.failure.code}`) ? t(`errors:${file.failure.code}`) : file.failure?.detail;
  const stayed = file.counts.orders_created + file.counts.orders_changed - file.counts.orders_removed;
  const took =
    file.state !== 'undone' && file.started_at && file.ended_at ? (Date.parse(file.ended_at) - Date.parse(file.started_at)) / 1000 : null;
  return (
    <>
      {file.state === 'done' && (
        <Notice
          tone="good"
          action={<Link to={`/orders?shop_id=${file.shop_id}`}>{t('imports:see_orders')}</Link>}
        >
          {t('imports:done', { count: file.counts.orders_created, changed: file.counts.orders_changed })}
        </Notice>
      )}
      {file.state === 'failed' && <Notice tone="bad">{failure ?? t('imports:failed')}</Notice>}
      {file.state === 'undone' && (
        <Notice tone="warn" action={stayed > 0 ? <Link to={`/orders?shop_id=${file.shop_id}`}>{t('imports:see_orders')}</Link> : undefined}>
          {t('imports:was_undone', { count: file.counts.orders_removed })}
          {stayed > 0 && ` ${t('imports:stayed', { count: stayed })}`}
        </Notice>
      )}
      {file.error_count > 0 && (
        <Notice
          tone="warn"
          action={
            <Button size="small" icon={<DownloadOutlined />} href={error_file(file.id, locale)} download data-testid="import-errors">
              {t('imports:error_file')}
            </Button>
          }
        >
          {t('imports:error_rows', { count: file.error_count })}
        </Notice>
      )}
      <div className="columns">
        <Panel title={t('imports:result')} testid="import-result">
          <dl className="facts">
            {counts.filter((each) => each !== 'orders_removed' || file.counts[each] > 0).map((each) => (
              <div key={each} style={{ display: 'contents' }}>
                <dt>{t(`imports:count.${each}`)}</dt>
                <dd data-testid={`import-count-${each}`} data-count={file.counts[each]}>
                  <QuantityText value={file.counts[each]} />
                </dd>
              </div>
            ))}
          </dl>
          {file.dropped_columns.length > 0 && (
            <p className="muted" style={{ marginTop: 10 }}>
              {t('imports:dropped', { columns: file.dropped_columns.join(', ') })}
            </p>
          )}
        </Panel>
        <Panel title={t('imports:about')}>
          <div className="stack">
            <Facts
              items={[
                [t('imports:started'), <TimeText key="started" value={file.started_at} form="minute" />],
                [t('imports:took'), took === null ? '–' : format_duration(took, locale)],
                [t('imports:encoding'), file.encoding ?? '–'],
                [t('imports:size'), format_bytes(file.size, locale)],
                ['SHA-256', <code key="sum">{file.sha256.slice(0, 16)}…</code>],
              ]}
            />
            {file.state === 'done' && (
              <PermissionGuard needs={permission.imports_run} quiet>
                <Popconfirm
                  title={t('imports:undo_question')}
                  description={t('imports:undo_text')}
                  okText={t('imports:undo')}
                  okButtonProps={{ danger: true }}
                  onConfirm={() => undo.mutate(file.id)}
                >
                  <Button danger loading={undo.isPending} data-testid="import-undo">
                    {t('imports:undo')}
                  </Button>
                </Popconfirm>
              </PermissionGuard>
            )}
          </div>
        </Panel>
      </div>
    </>
  );
}

export default function ImportPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const file = useImport(id);
  const shops = useShops().data ?? [];
  if (file.isPending) return <SkeletonLines lines={8} />;
  if (!file.data)
    return (
      <div className="page">
        <ProblemAlert error={file.error} retry={() => void file.refetch()} />
      </div>
    );
  const shown = file.data;
  const running = shown.state === 'running' || shown.state === 'undoing';
  const preparing = shown.state === 'uploaded' || shown.state === 'previewed';
  return (
    <DetailPage
      testid="import-page"
      title={shown.file_name}
      back={{ to: '/imports', label: t('nav.imports') }}
      tags={<StateTag scope="import" state={shown.state} />}
      note={shops.find((each) => each.id === shown.shop_id)?.name}
    >
      <WizardSteps at={preparing ? 1 : running ? 2 : 3} />
      {preparing ? <ColumnsStep file={shown} /> : running ? <Running file={shown} /> : <Result file={shown} />}
    </DetailPage>
  );
}
