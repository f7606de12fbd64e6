// The three secrets of a seller's own Login-with-Amazon application; they are sent once and never shown again.
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

export function CredentialFields() {
  const { t } = useTranslation();
  const required = { required: true, message: t('form.required') };
  return (
    <>
      <Form.Item name="lwa_client_id" label={t('channel:connect.client_id')} rules={[required]}>
        <Input
          className="mono"
          autoComplete="off"
          placeholder="amzn1.application-oa2-client.…"
          data-testid="connect-client-id"
        />
      </Form.Item>
      <Form.Item name="lwa_client_secret" label={t('channel:connect.client_secret')} rules={[required]}>
        <Input.Password className="mono" autoComplete="off" data-testid="connect-client-secret" />
      </Form.Item>
      <Form.Item name="refresh_token" label={t('channel:connect.refresh_token')} rules={[required]}>
        <Input.Password className="mono" autoComplete="off" placeholder="Atzr|…" data-testid="connect-refresh-token" />
      </Form.Item>
    </>
  );
}
