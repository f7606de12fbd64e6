// Connects a shop: Amazon by the seller's own credentials, or a shop whose orders come as files.
import { AmazonOutlined, FileTextOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useAct } from '@/shared/act';
import type { Shop } from '@/shared/api/types';
import { Notice, ProblemAlert } from '@/shared/components/feedback';
import { DetailPage, Panel } from '@/shared/components/page';
import { country_name, useLocale } from '@/shared/i18n';
import { time_zones } from '@/shared/lib/time';
import { common_countries, common_currencies } from '@/shared/lookups';
import { useBookCurrency, useTenantZone } from '@/shared/session';
import { MarketplacePicker } from '../components/MarketplacePicker';
import { CredentialFields } from '../components/CredentialFields';
import { connect_amazon, create_file_shop, keys, type AmazonShop } from '../queries';

function AmazonForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [shop, setShop] = useState<Shop | null>(null);
  const connect = useAct(connect_amazon, { touches: [keys.shops], quiet: true });
  if (shop) {
    return (
      <Panel title={t('channel:marketplaces.title')}>
        <div className="stack">
          <Notice tone="good">{t('channel:connect.connected', { name: shop.name })}</Notice>
          <MarketplacePicker shop={shop} done={() => void navigate(`/shops/${shop.id}`)} />
        </div>
      </Panel>
    );
  }
  return (
    <Panel title={t('channel:connect.amazon')}>
      <Form<AmazonShop>
        layout="vertical"
        requiredMark={false}
        initialValues={{ region: 'NA' }}
        onFinish={(values) =>
          connect.mutate(
            { ...values, endpoint: values.endpoint?.trim() ? values.endpoint.trim() : undefined },
            { onSuccess: setShop },
          )
        }
      >
        <div className="stack">
          <Notice>
            <p>{t('channel:connect.where')}</p>
            <ol className="steps">
              <li>{t('channel:connect.where_1')}</li>
              <li>{t('channel:connect.where_2')}</li>
              <li>{t('channel:connect.where_3')}</li>
            </ol>
          </Notice>
          <div className="halves" style={{ gap: '0 16px' }}>
            <Form.Item
              name="name"
              label={t('channel:shops.name')}
              extra={t('channel:connect.name_note')}
              rules={[{ required: true, message: t('form.required') }]}
            >
              <Input autoFocus data-testid="connect-name" />
            </Form.Item>
            <Form.Item name="region" label={t('channel:connect.region')}>
              <Select
                options={(['NA', 'EU', 'FE'] as const).map((each) => ({
                  value: each,
                  label: t(`channel:connect.region_${each}`),
                }))}
                data-testid="connect-region"
              />
            </Form.Item>
          </div>
          <CredentialFields />
          <details>
            <summary>{t('channel:connect.advanced')}</summary>
            <Form.Item name="endpoint" label={t('channel:connect.endpoint')} extra={t('channel:connect.endpoint_note')}>
              <Input className="mono" placeholder="https://…" autoComplete="off" data-testid="connect-endpoint" />
            </Form.Item>
          </details>
          <ProblemAlert error={connect.error} />
          <div>
            <Button type="primary" htmlType="submit" loading={connect.isPending} data-testid="connect-submit">
              {t('channel:connect.submit')}
            </Button>
          </div>
          <p className="muted small">{t('channel:connect.stored_note')}</p>
        </div>
      </Form>
    </Panel>
  );
}

function FileForm() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  // Whoever came here to enter an order goes on with it.
  const next = params.get('then') === 'order' ? '/orders/new' : '/imports/new';
  const locale = useLocale();
  const navigate = useNavigate();
  const currency = useBookCurrency();
  const zone = useTenantZone();
  const create = useAct(create_file_shop, { touches: [keys.shops], done: t('channel:connect.file_done'), quiet: true });
  const required = { required: true, message: t('form.required') };
  return (
    <Panel title={t('channel:connect.file')}>
      <Form<{ name: string; country: string; currency: string; time_zone: string }>
        layout="vertical"
        requiredMark={false}
        initialValues={{ currency, time_zone: zone, country: 'US' }}
        onFinish={(values) =>
          create.mutate(values, { onSuccess: (shop) => void navigate(`${next}?shop_id=${shop.id}`) })
        }
      >
        <div className="halves" style={{ gap: '0 16px' }}>
          <Form.Item name="name" label={t('channel:shops.name')} rules={[required]}>
            <Input autoFocus data-testid="file-shop-name" />
          </Form.Item>
          <Form.Item name="country" label={t('channel:connect.country')} rules={[required]}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              options={common_countries.map((each) => ({ value: each, label: country_name(each, locale) }))}
            />
          </Form.Item>
          <Form.Item name="currency" label={t('channel:connect.currency')} rules={[required]}>
            <Select showSearch options={common_currencies.map((each) => ({ value: each, label: each }))} />
          </Form.Item>
          <Form.Item name="time_zone" label={t('channel:shops.zone')} rules={[required]}>
            <Select showSearch options={time_zones().map((each) => ({ value: each, label: each }))} />
          </Form.Item>
        </div>
        <div className="stack">
          <ProblemAlert error={create.error} />
          <div>
            <Button type="primary" htmlType="submit" loading={create.isPending} data-testid="file-shop-submit">
              {t('channel:connect.file_submit')}
            </Button>
          </div>
        </div>
      </Form>
    </Panel>
  );
}

export default function ConnectPage() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const [way, setWay] = useState<'amazon' | 'file'>(params.get('way') === 'file' ? 'file' : 'amazon');
  const ways = [
    { way: 'amazon', icon: <AmazonOutlined />, title: t('channel:connect.amazon'), text: t('channel:connect.amazon_text') },
    { way: 'file', icon: <FileTextOutlined />, title: t('channel:connect.file'), text: t('channel:connect.file_text') },
  ] as const;
  return (
    <DetailPage
      narrow
      testid="connect-page"
      title={t('channel:connect.title')}
      back={{ to: '/shops', label: t('nav.shops') }}
    >
      <div className="halves">
        {ways.map((each) => (
          <button
            key={each.way}
            type="button"
            className={`plain tile choice${way === each.way ? ' on' : ''}`}
            aria-pressed={way === each.way}
            onClick={() => setWay(each.way)}
            data-testid={`connect-${each.way}`}
          >
            <span className="strong">
              {each.icon} {each.title}
            </span>
            <span className="muted">{each.text}</span>
          </button>
        ))}
      </div>
      {way === 'amazon' ? <AmazonForm /> : <FileForm />}
    </DetailPage>
  );
}
