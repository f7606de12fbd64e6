// New mapping, by hand or from the seller SKUs that orders have already brought.
import { Button, DatePicker, Drawer, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import { EmptyState, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { start_of_day } from '@/shared/lib/time';
import { useShopOptions, useShops } from '@/shared/lookups';
import { useTenantZone } from '@/shared/session';
import { create_mapping, keys, useSuggestions } from '../queries';

interface Values {
  shop_id: string;
  seller_sku: string;
  sku_code: string;
  valid_from?: Dayjs;
}

export function MappingDrawer({ open, close, shop_id }: { open: boolean; close: () => void; shop_id?: string }) {
  const { t } = useTranslation();
  const shops = useShopOptions();
  const [form] = Form.useForm<Values>();
  const tenant_zone = useTenantZone();
  const known = useShops().data ?? [];
  const zone_of = (id: string) => known.find((each) => each.id === id)?.time_zone ?? tenant_zone;
  const shop = (Form.useWatch('shop_id', form) as string | undefined) ?? shop_id;
  const suggestions = useSuggestions(open ? shop : undefined);
  const save = useAct(create_mapping, {
    touches: [keys.mappings, keys.skus, keys.orders, keys.exceptions],
    done: t('catalog:mapping.saved'),
    quiet: true,
  });
  const required = { required: true, message: t('form.required') };
  return (
    <Drawer open={open} onClose={close} size={560} title={t('catalog:mapping.new')} destroyOnHidden>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={{ shop_id: shop_id ?? shops[0]?.value }}
        onFinish={(values) =>
          save.mutate(
            {
              shop_id: values.shop_id,
              seller_sku: values.seller_sku.trim(),
              sku_code: values.sku_code.trim(),
              create_sku: true,
              valid_from: values.valid_from
                ? start_of_day(values.valid_from.format('YYYY-MM-DD'), zone_of(values.shop_id))
                : undefined,
            },
            { onSuccess: () => form.resetFields(['seller_sku', 'sku_code', 'valid_from']) },
          )
        }
      >
        <Form.Item name="shop_id" label={t('catalog:mapping.shop')} rules={[required]}>
          <Select options={shops} />
        </Form.Item>
        <div className="halves" style={{ gap: '0 16px' }}>
          <Form.Item name="seller_sku" label={t('catalog:mapping.seller_sku')} rules={[required]}>
            <Input className="mono" data-testid="mapping-seller-sku" />
          </Form.Item>
          <Form.Item name="sku_code" label={t('catalog:mapping.sku')} rules={[required]}>
            <Input className="mono" data-testid="mapping-sku" />
          </Form.Item>
        </div>
        <Form.Item name="valid_from" label={t('catalog:mapping.valid_from')} extra={t('catalog:mapping.valid_from_note')}>
          <DatePicker maxDate={dayjs('2100-01-01')} />
        </Form.Item>
        <div className="stack">
          <ProblemAlert error={save.error} />
          <div>
            <Button type="primary" htmlType="submit" loading={save.isPending} data-testid="mapping-submit">
              {t('catalog:mapping.save')}
            </Button>
          </div>
        </div>
      </Form>
      <h2 className="form-part" style={{ marginTop: 24 }}>
        {t('catalog:mapping.unmapped')}
      </h2>
      {suggestions.isLoading && <SkeletonLines />}
      <ProblemAlert error={suggestions.error} />
      {suggestions.data?.length === 0 && <EmptyState title={t('catalog:mapping.all_mapped')} />}
      {!!suggestions.data?.length && (
        <div className="plain-wrap" tabIndex={0}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('catalog:mapping.seller_sku')}</th>
                <th scope="col" className="number">
                  {t('catalog:mapping.orders')}
                </th>
                <th scope="col">{t('catalog:mapping.suggestion')}</th>
                <th scope="col">
                  <span className="sr-only">{t('field.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {suggestions.data.map((each) => (
                <tr key={each.seller_sku}>
                  <td>
                    <code>{each.seller_sku}</code>
                    {each.title && <div className="muted small">{each.title}</div>}
                  </td>
                  <td className="number">{each.orders}</td>
                  <td>{each.sku_code ? <code>{each.sku_code}</code> : <span className="muted">–</span>}</td>
                  <td className="number">
                    <Button
                      size="small"
                      onClick={() =>
                        form.setFieldsValue({
                          seller_sku: each.seller_sku,
                          sku_code: each.sku_code ?? each.seller_sku,
                        })
                      }
                    >
                      {t('catalog:mapping.use')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Drawer>
  );
}
