// Asking something of a hold, and allowing what somebody else asked: what follows is said before.
import { DatePicker, Form, Input, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { LegalHold, LegalHoldAsk } from '@/shared/api/types';
import { Notice, ProblemAlert } from '@/shared/components/feedback';
import { approve_ask, ask_of_hold, everything } from '../queries';

interface Entered {
  why: string;
  ends_at?: Dayjs;
}

export function AskDialog({ hold, act: wanted, close }: { hold: LegalHold; act: LegalHoldAsk['act']; close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Entered>();
  const act = useAct(ask_of_hold, { touches: everything, done: t('holds:ask_dialog.done'), quiet: true });
  const required = [{ required: true, message: t('form.required') }];
  const send = (entered: Entered) =>
    act.mutate(
      { id: hold.id, act: wanted, why: entered.why, ends_at: entered.ends_at?.endOf('day').toISOString() },
      { onSuccess: close },
    );
  return (
    <Modal
      open
      title={t(`holds:act.ask_${wanted}`)}
      okText={t('holds:ask_dialog.save')}
      okButtonProps={{ 'data-testid': 'ask-sure' }}
      confirmLoading={act.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send} data-testid="ask-dialog">
        <Form.Item name="why" label={t('holds:field.why')} extra={t('holds:ask_dialog.why_note')} rules={required}>
          <Input autoFocus maxLength={300} autoComplete="off" data-testid="ask-why" />
        </Form.Item>
        {wanted === 'extend' && (
          <Form.Item name="ends_at" label={t('holds:field.new_end')} rules={required}>
            <DatePicker style={{ width: '100%' }} disabledDate={(day) => day.valueOf() <= Date.parse(hold.ends_at)} />
          </Form.Item>
        )}
        <div className="stack">
          <Notice>{t(`holds:ask_dialog.${wanted}`)}</Notice>
          <ProblemAlert error={act.error} />
        </div>
      </Form>
    </Modal>
  );
}

export function ApproveDialog({ hold, ask, close }: { hold: LegalHold; ask: LegalHoldAsk; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct(approve_ask, { touches: everything, done: t('holds:approve_dialog.done'), quiet: true });
  return (
    <Modal
      open
      title={t('holds:approve_dialog.title')}
      okText={t('holds:act.approve')}
      okButtonProps={{ danger: ask.act === 'release', 'data-testid': 'approve-sure' }}
      // Enter on the open dialog must not allow anything.
      cancelButtonProps={{ autoFocus: true }}
      confirmLoading={act.isPending}
      onCancel={close}
      onOk={() => act.mutate({ id: hold.id, ask_id: ask.id }, { onSuccess: close })}
    >
      <div className="stack">
        <p className="strong break">
          {ask.asked_by || t('holds:gone')}: {ask.why}
        </p>
        <p>{t(`holds:approve_dialog.${ask.act}`)}</p>
        <ProblemAlert error={act.error} />
      </div>
    </Modal>
  );
}
