// All shops with their state; the way to connect another.
import { PlusOutlined, ShopOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState, permission, PermissionGuard, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { DetailPage, Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { useShops } from '@/shared/lookups';

export default function ShopsPage() {
  const { t } = useTranslation();
  const word = useWord();
  const shops = useShops();
  const connect = (
    <PermissionGuard needs={permission.shops_write} quiet>
      <Link to="/shops/connect">
        <Button type="primary" icon={<PlusOutlined />} data-testid="shop-connect">
          {t('channel:connect.title')}
        </Button>
      </Link>
    </PermissionGuard>
  );
  return (
    <DetailPage testid="shops-page" title={t('nav.shops')} actions={connect}>
      <ProblemAlert error={shops.error} retry={() => void shops.refetch()} />
      <Panel flush>
        {shops.isPending && <SkeletonLines />}
        {shops.data?.length === 0 && (
          <EmptyState
            icon={<ShopOutlined />}
            title={t('channel:shops.empty')}
            text={t('channel:shops.empty_text')}
            action={connect}
          />
        )}
        {!!shops.data?.length && (
          <div className="plain-wrap" tabIndex={0}>
            <table className="plain-table stacks">
              <thead>
                <tr>
                  <th scope="col">{t('channel:shops.name')}</th>
                  <th scope="col">{t('field.state')}</th>
                  <th scope="col">{t('channel:shops.marketplaces')}</th>
                  <th scope="col">{t('channel:shops.zone')}</th>
                  <th scope="col">{t('channel:shops.last_synced')}</th>
                </tr>
              </thead>
              <tbody>
                {shops.data.map((shop) => (
                  <tr key={shop.id}>
                    <td>
                      <Link to={`/shops/${shop.id}`} className="strong" data-testid="shop-link">
                        {shop.name}
                      </Link>
                      <div className="muted small">
                        {word('channel', shop.channel)}
                        {shop.region ? ` · ${shop.region}` : ''}
                        {shop.seller_id ? ` · ${shop.seller_id}` : ''}
                      </div>
                    </td>
                    <td>
                      <StateTag scope="shop" state={shop.state} />
                    </td>
                    <td>
                      {shop.marketplaces
                        .filter((each) => each.enabled)
                        .map((each) => each.country)
                        .join(', ') || '–'}
                    </td>
                    <td className="muted nowrap">{shop.time_zone}</td>
                    <td>
                      <TimeText value={shop.last_synced_at} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </DetailPage>
  );
}
