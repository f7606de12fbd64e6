// "?": every shortcut on one sheet.
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import type { NavItem } from './navigation';

function Keys({ text }: { text: string }) {
  return (
    <span className="nowrap">
      {text.split(' ').map((each, index) => (
        <kbd key={index} style={{ marginLeft: 4 }}>
          {each}
        </kbd>
      ))}
    </span>
  );
}

export function KeysHelp({ open, close, items }: { open: boolean; close: () => void; items: NavItem[] }) {
  const { t } = useTranslation();
  const general: [string, string][] = [
    ['Ctrl K', t('keys.palette')],
    ['/', t('keys.find')],
    ['j', t('keys.down')],
    ['k', t('keys.up')],
    ['↵', t('keys.open')],
    ['x', t('keys.pick')],
    ['n', t('keys.new_order')],
    ['[', t('keys.side')],
    ['?', t('keys.help')],
  ];
  return (
    <Modal open={open} onCancel={close} footer={null} title={t('keys.title')} width={620}>
      <ul className="keys-help" data-testid="keys-help">
        {general.map(([keys, label]) => (
          <li key={keys}>
            <span>{label}</span>
            <Keys text={keys} />
          </li>
        ))}
        {items.map((item) => (
          <li key={item.to}>
            <span>{t('keys.go_to', { page: t(item.label) })}</span>
            <Keys text={`g ${item.key}`} />
          </li>
        ))}
      </ul>
    </Modal>
  );
}
