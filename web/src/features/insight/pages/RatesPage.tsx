// Exchange rates in store: source, day, and the import of the European Central Bank's file.
import { UploadOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import { EmptyState, permission, PermissionGuard, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { DayRange } from '@/shared/components/FilterBar';
import { DetailPage, Panel } from '@/shared/components/page';
import { common_currencies } from '@/shared/lookups';
import { add_days, today_in } from '@/shared/lib/time';
import { useTenantZone } from '@/shared/session';
import { import_rates, useRates } from '../queries';

export default function RatesPage() {
  const { t } = useTranslation();
  const today = today_in(useTenantZone());
  const [currency, setCurrency] = useState('USD');
  const [from, setFrom] = useState(add_days(today, -30));
  const [to, setTo] = useState(today);
  const rates = useRates({ currency, from, to });
  const input = useRef<HTMLInputElement>(null);
  const bring = useAct(import_rates, {
    touches: [['/insight']],
    done: (answer) => t('insight:rates.imported', { count: answer.rates, days: answer.days }),
  });
  return (
    <DetailPage
      narrow
      testid="rates-page"
      title={t('insight:rates.title')}
      note={t('insight:rates.note')}
      back={{ to: '/reports', label: t('nav.reports') }}
      actions={
        <PermissionGuard needs={permission.rates_write} quiet>
          <input
            ref={input}
            type="file"
            accept=".csv,.gz,text/csv"
            className="sr-only"
            tabIndex={-1}
            aria-label={t('insight:rates.import')}
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) bring.mutate(file);
              event.target.value = '';
            }}
            data-testid="rates-file"
          />
          <Button type="primary" icon={<UploadOutlined />} loading={bring.isPending} onClick={() => input.current?.click()}>
            {t('insight:rates.import')}
          </Button>
        </PermissionGuard>
      }
    >
      <div className="filters wrap-always">
        <Select
          showSearch
          style={{ width: 110 }}
          value={currency}
          onChange={(value: string) => setCurrency(value)}
          options={common_currencies.map((each) => ({ value: each, label: each }))}
          aria-label={t('insight:rates.currency')}
        />
        <DayRange
          clearable={false}
          from={from}
          to={to}
          change={(next_from, next_to) => {
            if (next_from) setFrom(next_from);
            if (next_to) setTo(next_to);
          }}
        />
      </div>
      <ProblemAlert error={rates.error} retry={() => void rates.refetch()} />
      <Panel flush>
        {rates.isPending && <SkeletonLines />}
        {rates.data?.length === 0 && <EmptyState title={t('insight:rates.empty')} text={t('insight:rates.empty_text')} />}
        {!!rates.data?.length && (
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('insight:rates.day')}</th>
                <th scope="col" className="number">
                  {t('insight:rates.rate', { currency })}
                </th>
                <th scope="col">{t('insight:rates.source')}</th>
              </tr>
            </thead>
            <tbody>
              {rates.data.map((each) => (
                <tr key={each.day + each.currency}>
                  <td>{each.day}</td>
                  <td className="number">{each.per_eur}</td>
                  <td>{each.source}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </DetailPage>
  );
}
