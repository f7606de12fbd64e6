// One parcel: what goes into it, carrier and tracking number. Enter confirms and goes on to the next.
import { Button, Form, Input, Modal, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAct } from '@/shared/act';
import { as_problem } from '@/shared/api/problem';
import type { Shipment } from '@/shared/api/types';
import { Notice, ProblemAlert, SkeletonLines, useFieldText } from '@/shared/components/feedback';
import { Facts } from '@/shared/components/page';
import { SameAddressList } from '@/shared/components/SameAddressList';
import { StateTag, TimeText } from '@/shared/components/texts';
import { country_name, useLocale, useWord } from '@/shared/i18n';
import { useStored } from '@/shared/lib/stored';
import { cancel_shipment, carriers, deliver_shipment, enter_and_confirm, everything, useShipment, type Entered } from '../queries';
import { RecipientPanel } from './RecipientPanel';

const other_carrier = 'Other';

export function ShipmentDialog({ id, close, next }: { id: string; close: () => void; next: () => void }) {
  const { t } = useTranslation();
  const shipment = useShipment(id);
  const data = shipment.data;
  return (
    <Modal
      open
      width={620}
      footer={null}
      onCancel={close}
      destroyOnHidden
      title={
        <span className="row wrap">
          {data ? data.channel_order_id : t('fulfil:shipments')}
          {data && <StateTag scope="shipment" state={data.state} />}
        </span>
      }
    >
      {data ? (
        <ShipmentView key={data.id} shipment={data} close={close} next={next} />
      ) : shipment.error ? (
        <ProblemAlert error={shipment.error} retry={() => void shipment.refetch()} />
      ) : (
        <SkeletonLines lines={6} />
      )}
    </Modal>
  );
}

function ShipmentView({ shipment, close, next }: { shipment: Shipment; close: () => void; next: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const allowed = (action: string) => shipment.allowed_actions.includes(action);
  return (
    <div className="stack" data-testid="shipment" data-state={shipment.state}>
      {shipment.detail && <Notice tone={shipment.state === 'failed' ? 'bad' : 'warn'}>{shipment.detail}</Notice>}
      {shipment.state === 'confirming' && !shipment.detail && <Notice>{t('fulfil:waiting')}</Notice>}
      <Facts
        items={[
          [t('fulfil:field.shop'), shipment.shop_name],
          [t('fulfil:field.parcel'), t('fulfil:of_order', { reference: shipment.reference })],
          [t('fulfil:field.country'), shipment.ship_country ? country_name(shipment.ship_country, locale) : '–'],
          [t('fulfil:field.ship_by'), <TimeText key="by" value={shipment.ship_by_to} form="minute" />],
        ]}
      />
      <RecipientPanel shipment={shipment} />
      <SameAddressList orders={shipment.same_address_orders} />
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('fulfil:field.line')}</th>
            <th scope="col">{t('fulfil:field.goods')}</th>
            <th scope="col" className="end">
              {t('fulfil:field.quantity')}
            </th>
          </tr>
        </thead>
        <tbody>
          {shipment.lines.map((each) => (
            <tr key={each.line_no}>
              <td>
                <code className="break">{each.seller_sku}</code>
              </td>
              <td>{each.title}</td>
              <td className="end strong">{each.quantity}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {allowed('enter') ? <DispatchForm shipment={shipment} next={next} /> : <Sent shipment={shipment} />}
      <OtherActs shipment={shipment} close={close} />
    </div>
  );
}

function Sent({ shipment }: { shipment: Shipment }) {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <Facts
      items={[
        [t('fulfil:field.carrier'), shipment.carrier_name || shipment.carrier_code || '–'],
        [t('fulfil:field.tracking'), <code key="tracking">{shipment.tracking_number || '–'}</code>],
        [t('fulfil:field.shipped'), <TimeText key="shipped" value={shipment.shipped_at} form="minute" />],
        [
          t('fulfil:field.delivered'),
          <span key="delivered">
            <TimeText value={shipment.delivered_at} form="minute" />{' '}
            {shipment.delivered_source && <span className="muted">{word('delivered_by', shipment.delivered_source)}</span>}
          </span>,
        ],
      ]}
    />
  );
}

function DispatchForm({ shipment, next }: { shipment: Shipment; next: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Entered>();
  // Who packs for one carrier all morning chooses it once.
  const [last, setLast] = useStored('shipping.carrier', 'UPS');
  const [code, setCode] = useState(shipment.carrier_code || last);
  const sent = shipment.state === 'shipped';
  const field_text = useFieldText();
  const confirm = useAct(enter_and_confirm, {
    touches: everything,
    done: t('fulfil:confirmed', { number: shipment.channel_order_id }),
  });
  useEffect(() => {
    form.getFieldInstance('tracking_number')?.focus();
  }, [form]);
  const options = carriers.includes(code) ? carriers : [code, ...carriers];
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{
        carrier_code: code,
        carrier_name: shipment.carrier_name,
        shipping_method: shipment.shipping_method,
        tracking_number: shipment.tracking_number,
      }}
      onFinish={(entered) => {
        setLast(entered.carrier_code);
        confirm.mutate(
          {
            id: shipment.id,
            entered: {
              carrier_code: entered.carrier_code,
              carrier_name: entered.carrier_name?.trim() || undefined,
              shipping_method: entered.shipping_method?.trim() || undefined,
              tracking_number: entered.tracking_number.trim(),
            },
          },
          {
            onSuccess: next,
            onError: (error) =>
              form.setFields(
                (as_problem(error).fields ?? []).map((each) => ({
                  name: each.pointer.slice(1) as keyof Entered,
                  errors: [field_text(each.code, each.detail)],
                })),
              ),
          },
        );
      }}
    >
      <Form.Item name="tracking_number" label={t('fulfil:field.tracking')} rules={[{ required: true, whitespace: true, message: t('form.required') }]}>
        <Input maxLength={50} autoComplete="off" spellCheck={false} data-testid="shipment-tracking" />
      </Form.Item>
      <div className="row wrap" style={{ gap: 12, alignItems: 'flex-start' }}>
        <Form.Item name="carrier_code" label={t('fulfil:field.carrier')} style={{ minWidth: 180 }}>
          <Select
            showSearch
            onChange={setCode}
            options={options.map((each) => ({ value: each, label: each === other_carrier ? t('fulfil:other') : each }))}
            data-testid="shipment-carrier"
          />
        </Form.Item>
        {code === other_carrier && (
          <Form.Item
            name="carrier_name"
            label={t('fulfil:field.carrier_name')}
            rules={[{ required: true, whitespace: true, message: t('form.required') }]}
          >
            <Input maxLength={100} data-testid="shipment-carrier-name" />
          </Form.Item>
        )}
        <Form.Item name="shipping_method" label={t('fulfil:field.method')}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <div className="row wrap">
        <Button type="primary" htmlType="submit" loading={confirm.isPending} data-testid="shipment-confirm">
          {t(sent ? 'fulfil:act.correct' : 'fulfil:act.confirm')}
        </Button>
        {!sent && <span className="muted small">{t('fulfil:next_hint')}</span>}
      </div>
    </Form>
  );
}

function OtherActs({ shipment, close }: { shipment: Shipment; close: () => void }) {
  const { t } = useTranslation();
  const [taking_back, setTakingBack] = useState(false);
  const [reason, setReason] = useState('');
  const deliver = useAct(deliver_shipment, { touches: everything, done: t('fulfil:delivered') });
  const cancel = useAct(cancel_shipment, { touches: everything, done: t('fulfil:cancelled') });
  const allowed = (action: string) => shipment.allowed_actions.includes(action);
  return (
    <div className="row wrap" style={{ borderTop: '1px solid var(--line)', paddingTop: 12 }}>
      <Link to={`/orders/${shipment.order_id}`}>{t('fulfil:act.order')}</Link>
      <span className="grow" />
      {allowed('deliver') && (
        <Button loading={deliver.isPending} onClick={() => deliver.mutate(shipment.id)} data-testid="shipment-deliver">
          {t('fulfil:act.deliver')}
        </Button>
      )}
      {allowed('cancel') && !taking_back && (
        <Button danger onClick={() => setTakingBack(true)} data-testid="shipment-cancel">
          {t('fulfil:act.cancel')}
        </Button>
      )}
      {taking_back && (
        <>
          <Input
            autoFocus
            style={{ width: 220 }}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            placeholder={t('field.reason')}
            aria-label={t('field.reason')}
          />
          <Button
            danger
            disabled={reason.trim() === ''}
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ id: shipment.id, reason: reason.trim() }, { onSuccess: close })}
          >
            {t('fulfil:act.cancel')}
          </Button>
        </>
      )}
    </div>
  );
}
