// From a day on, a seller SKU means another SKU; or it always should have.
import { DatePicker, Form, Input, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { SkuMapping } from '@/shared/api/types';
import { ProblemAlert } from '@/shared/components/feedback';
import { start_of_day } from '@/shared/lib/time';
import { useShops } from '@/shared/lookups';
import { useTenantZone } from '@/shared/session';
import { change_mapping, keys } from '../queries';

export function ChangeMappingModal({ mapping, close }: { mapping: SkuMapping | null; close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ sku_code: string; from?: Dayjs }>();
  const tenant_zone = useTenantZone();
  const zone = (useShops().data ?? []).find((shop) => shop.id === mapping?.shop_id)?.time_zone ?? tenant_zone;
  const change = useAct(change_mapping, {
    touches: [keys.mappings, keys.orders, keys.exceptions],
    done: t('catalog:mapping.saved'),
    quiet: true,
  });
  const end = () => {
    change.reset();
    close();
  };
  return (
    <Modal
      open={mapping !== null}
      title={t('catalog:mapping.change', { seller_sku: mapping?.seller_sku ?? '' })}
      okText={t('action.save')}
      okButtonProps={{ loading: change.isPending }}
      onCancel={end}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={{ sku_code: mapping?.sku_code }}
        onFinish={(values) =>
          mapping &&
          change.mutate(
            {
              id: mapping.id,
              sku_code: values.sku_code.trim(),
              valid_from: values.from ? start_of_day(values.from.format('YYYY-MM-DD'), zone) : undefined,
            },
            { onSuccess: end },
          )
        }
      >
        <Form.Item
          name="sku_code"
          label={t('catalog:mapping.sku')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Input className="mono" />
        </Form.Item>
        <Form.Item name="from" label={t('catalog:mapping.from_day')} extra={t('catalog:mapping.from_day_note')}>
          <DatePicker />
        </Form.Item>
        <ProblemAlert error={change.error} />
      </Form>
    </Modal>
  );
}
