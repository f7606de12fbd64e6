// Name, zone, marketplaces and credentials of a shop.
import { Button, Drawer, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { Shop } from '@/shared/api/types';
import { Notice, ProblemAlert } from '@/shared/components/feedback';
import { time_zones } from '@/shared/lib/time';
import { keys, save_credentials, save_shop, type AmazonCredentials } from '../queries';
import { CredentialFields } from './CredentialFields';
import { MarketplacePicker } from './MarketplacePicker';

export function ShopSettings({ shop, open, close }: { shop: Shop; open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const save = useAct(save_shop, { touches: [keys.shops], done: t('saved'), quiet: true });
  const renew = useAct(save_credentials, { touches: [keys.shops], done: t('channel:credentials.saved'), quiet: true });
  return (
    <Drawer open={open} onClose={close} size={520} title={t('channel:settings.title')} destroyOnHidden>
      <Form<{ name: string; time_zone: string }>
        layout="vertical"
        requiredMark={false}
        initialValues={shop}
        onFinish={(values) => save.mutate({ id: shop.id, ...values })}
      >
        <Form.Item name="name" label={t('channel:shops.name')} rules={[{ required: true, message: t('form.required') }]}>
          <Input />
        </Form.Item>
        <Form.Item name="time_zone" label={t('channel:shops.zone')} extra={t('channel:settings.zone_note')}>
          <Select showSearch options={time_zones().map((each) => ({ value: each, label: each }))} />
        </Form.Item>
        <ProblemAlert error={save.error} />
        <Button htmlType="submit" loading={save.isPending}>
          {t('action.save')}
        </Button>
      </Form>
      {shop.marketplaces.length > 0 && (
        <>
          <h2 className="form-part" style={{ marginTop: 24 }}>
            {t('channel:marketplaces.title')}
          </h2>
          <MarketplacePicker shop={shop} />
        </>
      )}
      {shop.channel === 'amazon' && (
        <>
          <h2 className="form-part" style={{ marginTop: 24 }}>
            {t('channel:credentials.title')}
          </h2>
          <Form<AmazonCredentials>
            layout="vertical"
            requiredMark={false}
            onFinish={(values) => renew.mutate({ id: shop.id, ...values })}
          >
            <div className="stack">
              <Notice>{t('channel:credentials.note')}</Notice>
              <CredentialFields />
              <ProblemAlert error={renew.error} />
              <div>
                <Button htmlType="submit" loading={renew.isPending}>
                  {t('channel:credentials.save')}
                </Button>
              </div>
            </div>
          </Form>
        </>
      )}
    </Drawer>
  );
}
