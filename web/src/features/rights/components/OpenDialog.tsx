// Enters a request: what was asked, how it arrived and when. The month runs from its arrival.
import { DatePicker, Form, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { OpenRightsRequest } from '@/shared/api/types';
import { now } from '@/shared/clock';
import { Notice, ProblemAlert } from '@/shared/components/feedback';
import { useWord } from '@/shared/i18n';
import { arrivals, everything, open_request, request_kinds } from '../queries';

interface Entered {
  kind: OpenRightsRequest['kind'];
  arrived_by: OpenRightsRequest['arrived_by'];
  received_at?: Dayjs | null;
}

export function OpenDialog({
  kind,
  order_ids,
  close,
  done,
}: {
  kind: OpenRightsRequest['kind'];
  order_ids: string[];
  close: () => void;
  done: (id: string) => void;
}) {
  const { t } = useTranslation();
  const word = useWord();
  const [form] = Form.useForm<Entered>();
  const act = useAct(open_request, { touches: everything, done: t('rights:open.done'), quiet: true });
  const kind_now = Form.useWatch('kind', form) ?? kind;
  const ways = arrivals.filter((each) => each !== 'instruction' || kind_now === 'erasure');
  const send = (entered: Entered) =>
    act.mutate(
      {
        kind: entered.kind,
        arrived_by: entered.arrived_by,
        received_at: entered.received_at?.startOf('day').toISOString(),
        order_ids,
      },
      { onSuccess: (request) => done(request.id) },
    );
  return (
    <Modal
      open
      title={t('rights:open.title')}
      okText={t('rights:open.save')}
      confirmLoading={act.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind, arrived_by: 'marketplace' }}
        onFinish={send}
        data-testid="open-dialog"
      >
        <Form.Item name="kind" label={t('rights:field.kind')}>
          <Select autoFocus options={request_kinds.map((each) => ({ value: each, label: word('rights_kind', each) }))} />
        </Form.Item>
        <Form.Item name="arrived_by" label={t('rights:field.arrived_by')}>
          <Select options={ways.map((each) => ({ value: each, label: word('rights_arrival', each) }))} />
        </Form.Item>
        <Form.Item name="received_at" label={t('rights:field.received')} extra={t('rights:open.received_note')}>
          <DatePicker style={{ width: '100%' }} disabledDate={(day) => day.startOf('day').valueOf() > now()} />
        </Form.Item>
        <div className="stack">
          <Notice>{t('rights:open.orders', { count: order_ids.length })}</Notice>
          <ProblemAlert error={act.error} />
        </div>
      </Form>
    </Modal>
  );
}
