// Ten recovery codes, shown once: copy, download, and a confirmation before going on.
import { CopyOutlined, DownloadOutlined } from '@ant-design/icons';
import { App, Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '@/shared/components/feedback';
import { copy_text, save_text } from '@/shared/lib/browser';

export function RecoveryCodes({ codes, on_done }: { codes: string[]; on_done: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [kept, setKept] = useState(false);
  const text = codes.join('\n');
  const copy = async () => {
    if (await copy_text(text)) void message.success(t('copied'));
    else void message.warning(t('copy_failed'));
  };
  return (
    <div className="stack">
      <Notice tone="warn">{t('account:mfa.recovery_text')}</Notice>
      <ul className="codes" data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row wrap">
        <Button icon={<CopyOutlined />} onClick={() => void copy()}>
          {t('action.copy')}
        </Button>
        <Button icon={<DownloadOutlined />} onClick={() => save_text('entrepot-recovery-codes.txt', `${text}\n`)}>
          {t('action.download')}
        </Button>
      </div>
      <Checkbox checked={kept} onChange={(event) => setKept(event.target.checked)} data-testid="recovery-kept">
        {t('account:mfa.recovery_kept')}
      </Checkbox>
      <Button type="primary" block disabled={!kept} onClick={on_done} data-testid="recovery-done">
        {t('action.continue')}
      </Button>
    </div>
  );
}
