// Legal holds: place one, ask to open it, allow what another asked, and see it end.
import { LockOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useKeysetList } from '@/shared/api/list';
import type { LegalHoldRow } from '@/shared/api/types';
import { DataTable } from '@/shared/components/DataTable';
import { EmptyState } from '@/shared/components/feedback';
import { ListPage } from '@/shared/components/page';
import { useWord } from '@/shared/i18n';
import { useUrlFilter } from '@/shared/lib/filters';
import { HoldDrawer } from '../components/HoldDrawer';
import { hold_columns } from '../components/hold_columns';
import { PlaceDialog } from '../components/PlaceDialog';
import { hold_states, holds_filter } from '../queries';

/** Orders that were picked where a buyer was searched; they come in the history's state, in no address. */
function picked_orders(state: unknown): string[] {
  const ids = (state as { order_ids?: unknown } | null)?.order_ids;
  return Array.isArray(ids) ? ids.filter((each): each is string => typeof each === 'string') : [];
}

export default function LegalHoldsPage() {
  const { t } = useTranslation();
  const word = useWord();
  const picked = picked_orders(useLocation().state);
  const { values, merge } = useUrlFilter(holds_filter);
  const state = hold_states.find((each) => each === values.state) ?? 'active';
  const list = useKeysetList<LegalHoldRow>('/legal-holds', { state });
  const columns = useMemo(() => hold_columns(t, word), [t, word]);
  const [placing, setPlacing] = useState(picked.length > 0);
  return (
    <ListPage
      testid="legal-holds-page"
      title={t('nav.legal_holds')}
      note={t('holds:note')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setPlacing(true)} data-testid="place-hold">
          {t('holds:place')}
        </Button>
      }
      filters={
        <div className="tabs" role="group" aria-label={t('holds:holds')}>
          {hold_states.map((each) => (
            <button
              key={each}
              type="button"
              className={`plain tab${state === each ? ' on' : ''}`}
              aria-pressed={state === each}
              onClick={() => merge({ state: each === 'active' ? undefined : each })}
              data-testid={`tab-${each}`}
            >
              {word('legal_hold', each)}
            </button>
          ))}
        </div>
      }
    >
      <DataTable
        id="legal-holds"
        label={t('holds:holds')}
        columns={columns}
        list={list}
        row_key={(row) => row.id}
        on_open={(row) => merge({ open: row.id })}
        empty={<EmptyState icon={<LockOutlined />} title={t(`holds:none.${state}`)} text={t('holds:none_text')} />}
      />
      <HoldDrawer id={values.open} close={() => merge({ open: undefined })} />
      {placing && (
        <PlaceDialog
          order_ids={picked}
          close={() => setPlacing(false)}
          done={(id) => {
            setPlacing(false);
            merge({ open: id, state: undefined });
          }}
        />
      )}
    </ListPage>
  );
}
