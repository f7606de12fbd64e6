// Makes sure that it is the buyer who asks. What is compared lives in the field only and is never shown by the server.
import { Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { RightsRequest, VerifyInput } from '@/shared/api/types';
import { ProblemAlert } from '@/shared/components/feedback';
import { useWord } from '@/shared/i18n';
import { compared, everything, verifications, verify } from '../queries';

export function VerifyDialog({ request, close }: { request: RightsRequest; close: () => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const [form] = Form.useForm<VerifyInput>();
  const [how, setHow] = useState<VerifyInput['how']>(request.arrived_by === 'marketplace' ? 'channel_message' : 'order_email');
  const act = useAct(verify, { touches: everything, done: t('rights:verified_now'), quiet: true });
  const compares = compared.includes(how);
  const required = { required: true, whitespace: true, message: t('form.required') };
  const send = (entered: VerifyInput) =>
    act.mutate(
      compares
        ? { id: request.id, how, order_number: entered.order_number?.trim(), value: entered.value?.trim() }
        : { id: request.id, how },
      { onSuccess: close },
    );
  return (
    <Modal
      open
      title={t('rights:question.verify')}
      okText={t('rights:act.verify')}
      okButtonProps={{ 'data-testid': 'verify-sure' }}
      confirmLoading={act.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send} data-testid="verify-dialog">
        <Form.Item label={t('rights:verify.how')} extra={t(`rights:verify.${how}`)}>
          <Select
            value={how}
            onChange={setHow}
            options={verifications.map((each) => ({ value: each, label: word('rights_verification', each) }))}
            aria-label={t('rights:verify.how')}
          />
        </Form.Item>
        {compares && (
          <>
            <Form.Item name="order_number" label={t('rights:verify.number')} rules={[required]}>
              <Input autoComplete="off" spellCheck={false} maxLength={100} data-testid="verify-number" />
            </Form.Item>
            <Form.Item
              name="value"
              label={word('rights_field', how === 'order_email' ? 'buyer_email' : 'phone')}
              extra={t('rights:verify.value_note')}
              rules={[required]}
            >
              <Input autoComplete="off" spellCheck={false} maxLength={320} data-testid="verify-value" />
            </Form.Item>
          </>
        )}
        <ProblemAlert error={act.error} />
      </Form>
    </Modal>
  );
}
