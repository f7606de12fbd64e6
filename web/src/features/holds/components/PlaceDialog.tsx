// Places a hold: which orders, why, under which file number, until when.
import { DatePicker, Form, Input, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { PlaceLegalHold } from '@/shared/api/types';
import { now } from '@/shared/clock';
import { Notice, ProblemAlert } from '@/shared/components/feedback';
import { useWord } from '@/shared/i18n';
import { everything, hold_reasons, numbers_in, place_hold } from '../queries';

interface Entered {
  numbers?: string;
  reason: PlaceLegalHold['reason'];
  reference: string;
  ends_at: Dayjs;
}

/** `order_ids`: picked where a buyer was searched; else numbers are typed here. */
export function PlaceDialog({ order_ids, close, done }: { order_ids: string[]; close: () => void; done: (id: string) => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const [form] = Form.useForm<Entered>();
  const act = useAct(place_hold, { touches: everything, done: t('holds:place_dialog.done'), quiet: true });
  const required = [{ required: true, message: t('form.required') }];
  const send = (entered: Entered) =>
    act.mutate(
      {
        order_ids,
        order_numbers: numbers_in(entered.numbers ?? ''),
        reason: entered.reason,
        reference: entered.reference,
        ends_at: entered.ends_at.endOf('day').toISOString(),
      },
      { onSuccess: (hold) => done(hold.id) },
    );
  return (
    <Modal
      open
      title={t('holds:place_dialog.title')}
      okText={t('holds:place_dialog.save')}
      okButtonProps={{ 'data-testid': 'place-sure' }}
      confirmLoading={act.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ reason: 'court' }} onFinish={send} data-testid="place-dialog">
        {order_ids.length > 0 ? (
          <Notice>{t('holds:place_dialog.chosen', { count: order_ids.length })}</Notice>
        ) : (
          <Form.Item name="numbers" label={t('holds:field.numbers')} extra={t('holds:place_dialog.numbers_note')} rules={required}>
            <Input.TextArea autoFocus autoSize={{ minRows: 2, maxRows: 8 }} spellCheck={false} data-testid="hold-numbers" />
          </Form.Item>
        )}
        <Form.Item name="reason" label={t('holds:field.reason')}>
          <Select options={hold_reasons.map((each) => ({ value: each, label: word('legal_reason', each) }))} />
        </Form.Item>
        <Form.Item name="reference" label={t('holds:field.reference')} extra={t('holds:place_dialog.reference_note')} rules={required}>
          <Input maxLength={120} autoComplete="off" data-testid="hold-reference" />
        </Form.Item>
        <Form.Item name="ends_at" label={t('holds:field.ends_at')} extra={t('holds:place_dialog.ends_note')} rules={required}>
          <DatePicker style={{ width: '100%' }} disabledDate={(day) => day.endOf('day').valueOf() < now()} />
        </Form.Item>
        <div className="stack">
          <Notice>{t('holds:place_dialog.will')}</Notice>
          <ProblemAlert error={act.error} />
        </div>
      </Form>
    </Modal>
  );
}
