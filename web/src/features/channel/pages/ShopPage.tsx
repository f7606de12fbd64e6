// Sync health of one shop: is it current, what went wrong last, what is left of the quota, what runs next.
import { PauseOutlined, PlayCircleOutlined, SettingOutlined, SyncOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useAct } from '@/shared/act';
import type { Shop, ShopSync } from '@/shared/api/types';
import { Notice, permission, PermissionGuard, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { DetailPage, Facts, Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useLocale, useWord } from '@/shared/i18n';
import { format_duration } from '@/shared/lib/time';
import { useShops } from '@/shared/lookups';
import { ShopSettings } from '../components/shop_settings';
import { HistoryPanel, QuotaPanel, RepairPanel, RunsPanel } from '../components/sync_panels';
import { keys, pause_shop, resume_shop, run_now, useShopSync } from '../queries';

export default function ShopPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const shops = useShops();
  const shop = shops.data?.find((each) => each.id === id);
  if (shops.isPending) return <SkeletonLines lines={8} />;
  if (!shop)
    return (
      <div className="page">
        {shops.error ? (
          <ProblemAlert error={shops.error} retry={() => void shops.refetch()} />
        ) : (
          <Notice tone="warn">{t('channel:shops.not_found')}</Notice>
        )}
      </div>
    );
  return <ShopView shop={shop} />;
}

function Tiles({ sync, shop }: { sync: ShopSync; shop: Shop }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className="tiles">
      <div className="tile" data-testid="sync-lag" data-seconds={sync.lag_seconds ?? ''}>
        <div className="label">{t('channel:sync.lag')}</div>
        <div className="figure">{sync.lag_seconds === null ? '–' : format_duration(sync.lag_seconds, locale)}</div>
        <div className="foot">{t('channel:sync.lag_note')}</div>
      </div>
      <div className="tile">
        <div className="label">{t('channel:sync.last_good')}</div>
        <div className="figure">
          <TimeText value={sync.last_good_at} />
        </div>
        <div className="foot">
          <TimeText value={sync.last_good_at} form="minute" zone={shop.time_zone} /> {sync.last_good_at && shop.time_zone}
        </div>
      </div>
      <div className="tile">
        <div className="label">{t('channel:sync.next_run')}</div>
        <div className="figure">{shop.state === 'paused' ? t('channel:sync.paused') : <TimeText value={sync.next_run_at} />}</div>
        <div className="foot">
          <StateTag scope="shop" state={sync.state} />
        </div>
      </div>
    </div>
  );
}

function ShopView({ shop }: { shop: Shop }) {
  const { t, i18n } = useTranslation();
  const word = useWord();
  const [settings, setSettings] = useState(false);
  const is_file = shop.channel === 'file';
  const sync = useShopSync(shop.id, !is_file);
  const touches = [keys.shops];
  const run = useAct(run_now, { touches, done: t('channel:sync.run_asked') });
  const pause = useAct(pause_shop, { touches, done: t('channel:sync.paused_done') });
  const resume = useAct(resume_shop, { touches, done: t('channel:sync.resumed_done') });
  const error = sync.data?.last_error;
  const error_text = error && i18n.exists(`errors:${error.code}`) ? t(`errors:${error.code}`) : error?.detail;
  return (
    <DetailPage
      testid="shop-page"
      title={shop.name}
      back={{ to: '/shops', label: t('nav.shops') }}
      tags={<StateTag scope="shop" state={shop.state} />}
      note={[word('channel', shop.channel), shop.region, shop.seller_id].filter(Boolean).join(' · ')}
      actions={
        <PermissionGuard needs={permission.shops_write} quiet>
          {is_file ? (
            <Link to={`/imports/new?shop_id=${shop.id}`}>
              <Button type="primary">{t('channel:settings.import')}</Button>
            </Link>
          ) : (
            <>
              <Button
                type="primary"
                icon={<SyncOutlined />}
                disabled={shop.state === 'paused'}
                loading={run.isPending}
                onClick={() => run.mutate(shop.id)}
                data-testid="sync-run"
              >
                {t('channel:sync.run_now')}
              </Button>
              {shop.state === 'paused' ? (
                <Button icon={<PlayCircleOutlined />} onClick={() => resume.mutate(shop.id)} data-testid="sync-resume">
                  {t('channel:sync.resume')}
                </Button>
              ) : (
                <Button icon={<PauseOutlined />} onClick={() => pause.mutate(shop.id)} data-testid="sync-pause">
                  {t('channel:sync.pause')}
                </Button>
              )}
            </>
          )}
          <Button icon={<SettingOutlined />} aria-label={t('channel:settings.title')} onClick={() => setSettings(true)} />
        </PermissionGuard>
      }
    >
      {is_file && (
        <Panel title={t('channel:settings.about')}>
          <Facts
            items={[
              [t('channel:shops.zone'), shop.time_zone],
              [t('channel:shops.last_synced'), <TimeText key="last" value={shop.last_synced_at} />],
              [t('nav.orders'), <Link key="orders" to={`/orders?shop_id=${shop.id}`}>{t('channel:settings.see_orders')}</Link>],
              [t('nav.imports'), <Link key="imports" to="/imports">{t('channel:settings.see_imports')}</Link>],
            ]}
          />
        </Panel>
      )}
      {!is_file && sync.error && <ProblemAlert error={sync.error} retry={() => void sync.refetch()} />}
      {!is_file && sync.isPending && <SkeletonLines lines={6} />}
      {sync.data && (
        <>
          {error && (
            <Notice tone={shop.state === 'broken' ? 'bad' : 'warn'}>
              <div>
                <span className="strong">{t('channel:sync.last_error')}</span> <TimeText value={error.at} />
              </div>
              <div>{error_text}</div>
              {error_text !== error.detail && <div className="small">{error.detail}</div>}
              {error.request_id && (
                <div className="small muted">
                  {t('problem.request_id')} <code>{error.request_id}</code>
                </div>
              )}
            </Notice>
          )}
          <Tiles sync={sync.data} shop={shop} />
          <div className="columns">
            <RunsPanel sync={sync.data} />
            <div className="stack" style={{ gap: 16 }}>
              <QuotaPanel sync={sync.data} />
              <RepairPanel shop_id={shop.id} zone={shop.time_zone} />
              <HistoryPanel shop_id={shop.id} sync={sync.data} zone={shop.time_zone} />
            </div>
          </div>
        </>
      )}
      <ShopSettings shop={shop} open={settings} close={() => setSettings(false)} />
    </DetailPage>
  );
}
