// Releases the picked orders; what the server refused is listed with its reason.
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { ReleaseAnswer, WaitingOrder } from '@/shared/api/types';
import { everything, release_limit, release_orders } from '../queries';

/** The act itself, for the key and for the button. */
export function useRelease(rows: WaitingOrder[], clear: () => void) {
  const { t, i18n } = useTranslation();
  const { modal, message } = App.useApp();
  const act = useAct(release_orders, { touches: everything });
  const number_of = (id: string) => rows.find((row) => row.order_id === id)?.channel_order_id ?? id;
  const report = (answer: ReleaseAnswer) => {
    if (answer.refused.length === 0) {
      void message.success(t('fulfil:released', { count: answer.released.length }));
    } else {
      modal.warning({
        title: t('fulfil:partly', { done: answer.released.length, refused: answer.refused.length }),
        width: 560,
        content: (
          <ul style={{ maxHeight: 300, overflowY: 'auto' }}>
            {answer.refused.map((each) => (
              <li key={each.order_id}>
                <span className="strong">{number_of(each.order_id)}</span>{' '}
                {i18n.exists(`errors:${each.code}`) ? t(`errors:${each.code}`) : each.detail}
              </li>
            ))}
          </ul>
        ),
      });
    }
    clear();
  };
  return {
    pending: act.isPending,
    release: (ids: string[]) => {
      if (ids.length > 0 && ids.length <= release_limit) act.mutate(ids, { onSuccess: report });
    },
  };
}

export function ReleaseBar({
  picked,
  pending,
  release,
  clear,
}: {
  picked: ReadonlySet<string>;
  pending: boolean;
  release: () => void;
  clear: () => void;
}) {
  const { t } = useTranslation();
  const too_many = picked.size > release_limit;
  return (
    <div className="bulk" role="toolbar" aria-label={t('fulfil:act.release')} data-testid="release-bar">
      <span className="strong">{t('fulfil:picked', { count: picked.size })}</span>
      {too_many && <span className="down">{t('fulfil:over_limit', { limit: release_limit })}</span>}
      <Button size="small" type="primary" disabled={too_many} loading={pending} onClick={release} data-testid="release">
        {t('fulfil:act.release_picked', { count: picked.size })}
      </Button>
      <span className="grow" />
      <Button size="small" type="text" onClick={clear}>
        {t('fulfil:unpick')}
      </Button>
    </div>
  );
}
