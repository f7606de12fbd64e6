// Named filters: choose, save the current one, remove.
import { DeleteOutlined, EyeOutlined } from '@ant-design/icons';
import { Button, Checkbox, Dropdown, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import { useNarrow } from '@/shared/lib/media';
import { delete_view, keys, save_view, useViews } from '../queries';

export function SavedViews({
  current,
  choose,
}: {
  current: Record<string, string>;
  choose: (filter: Record<string, string>) => void;
}) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const views = useViews();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = useAct(save_view, { touches: [keys.views], done: t('orders:views.saved') });
  const remove = useAct(delete_view, { touches: [keys.views] });
  const list = views.data ?? [];
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            ...list.map((view) => ({
              key: view.id,
              label: (
                <span className="row between" style={{ minWidth: 200 }}>
                  <span>
                    {view.name} {view.shared && <span className="muted small">{t('orders:views.shared')}</span>}
                  </span>
                  {view.mine && (
                    <Button
                      type="text"
                      size="small"
                      icon={<DeleteOutlined />}
                      aria-label={t('orders:views.remove', { name: view.name })}
                      onClick={(event) => {
                        event.stopPropagation();
                        remove.mutate(view.id);
                      }}
                    />
                  )}
                </span>
              ),
            })),
            ...(list.length > 0 ? [{ type: 'divider' as const }] : []),
            { key: '+', label: t('orders:views.save_current'), disabled: Object.keys(current).length === 0 },
          ],
          onClick: ({ key }) => {
            if (key === '+') setNaming(true);
            else choose(list.find((view) => view.id === key)?.filter ?? {});
          },
        }}
      >
        <Button icon={<EyeOutlined />} aria-label={t('orders:views.title')} data-testid="views">
          {narrow ? null : t('orders:views.title')}
        </Button>
      </Dropdown>
      <Modal
        open={naming}
        title={t('orders:views.save_current')}
        okText={t('action.save')}
        okButtonProps={{ disabled: name.trim() === '', loading: save.isPending }}
        onCancel={() => setNaming(false)}
        onOk={() =>
          save.mutate(
            { name: name.trim(), filter: current, shared },
            {
              onSuccess: () => {
                setNaming(false);
                setName('');
              },
            },
          )
        }
      >
        <div className="stack">
          <Input
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
            placeholder={t('orders:views.name')}
            aria-label={t('orders:views.name')}
          />
          <Checkbox checked={shared} onChange={(event) => setShared(event.target.checked)}>
            {t('orders:views.share')}
          </Checkbox>
        </div>
      </Modal>
    </>
  );
}
