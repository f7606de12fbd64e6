// Ship, deliver, cancel: for orders that no channel moves. What is legal now, the server says.
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { Order } from '@/shared/api/types';
import { Notice } from '@/shared/components/feedback';
import { cancel_order, deliver_order, keys, ship_order } from '../queries';

function ShipModal({ order, close }: { order: Order; close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ carrier?: string; tracking_number?: string }>();
  const ship = useAct(ship_order, { touches: [keys.orders], done: t('orders:moves.shipped') });
  return (
    <Modal
      open
      title={t('orders:act.ship')}
      okText={t('orders:act.ship')}
      okButtonProps={{ loading: ship.isPending }}
      onCancel={close}
      onOk={() => {
        const { carrier = '', tracking_number = '' } = form.getFieldsValue();
        ship.mutate(
          {
            id: order.id,
            carrier: carrier.trim() || undefined,
            tracking_number: tracking_number.trim() || undefined,
          },
          { onSuccess: close },
        );
      }}
    >
      <Form form={form} layout="vertical" requiredMark={false}>
        <Form.Item name="carrier" label={t('orders:moves.carrier')}>
          <Input autoFocus maxLength={100} />
        </Form.Item>
        <Form.Item name="tracking_number" label={t('orders:moves.tracking_number')}>
          <Input maxLength={100} data-testid="ship-tracking" />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function CancelModal({ order, close }: { order: Order; close: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const cancel = useAct(cancel_order, { touches: [keys.orders], done: t('orders:moves.cancelled') });
  return (
    <Modal
      open
      title={t('orders:act.cancel')}
      okText={t('orders:act.cancel')}
      cancelText={t('orders:moves.keep')}
      okButtonProps={{ danger: true, disabled: reason.trim() === '', loading: cancel.isPending }}
      onCancel={close}
      onOk={() => cancel.mutate({ id: order.id, reason: reason.trim() }, { onSuccess: close })}
    >
      <div className="stack">
        <Notice>{t('orders:moves.cancel_note')}</Notice>
        <Input
          autoFocus
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          placeholder={t('field.reason')}
          aria-label={t('field.reason')}
          data-testid="cancel-reason"
        />
      </div>
    </Modal>
  );
}

export function HandMoves({ order }: { order: Order }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'ship' | 'cancel' | null>(null);
  const deliver = useAct(deliver_order, { touches: [keys.orders], done: t('orders:moves.delivered') });
  const allowed = (action: string) => order.allowed_actions.includes(action);
  const close = () => setOpen(null);
  return (
    <>
      {allowed('ship') && (
        <Button type="primary" onClick={() => setOpen('ship')} data-testid="order-ship">
          {t('orders:act.ship')}
        </Button>
      )}
      {/* One step after the other: who delivers by hand has shipped. */}
      {allowed('deliver') && !allowed('ship') && order.state === 'shipped' && (
        <Button loading={deliver.isPending} onClick={() => deliver.mutate(order.id)} data-testid="order-deliver">
          {t('orders:act.deliver')}
        </Button>
      )}
      {allowed('cancel') && (
        <Button danger onClick={() => setOpen('cancel')} data-testid="order-cancel">
          {t('orders:act.cancel')}
        </Button>
      )}
      {open === 'ship' && <ShipModal order={order} close={close} />}
      {open === 'cancel' && <CancelModal order={order} close={close} />}
    </>
  );
}
