// Filters of a list, in the address bar; on a phone all but the search field move into a drawer.
import { CloseOutlined, FilterOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, DatePicker, Drawer, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../lib/media';
import { useKeys } from '../lib/keys';
import { add_days, start_of_month, today_in } from '../lib/time';
import { useTenantZone } from '../session';

export function FilterBar({
  find,
  active,
  on_clear,
  children,
  after,
}: {
  find?: ReactNode;
  active: number;
  on_clear: () => void;
  children?: ReactNode;
  after?: ReactNode;
}) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const clear = active > 0 && (
    <Button type="text" icon={<CloseOutlined />} onClick={on_clear} data-testid="filters-clear">
      {t('filter.clear')}
    </Button>
  );
  if (!narrow) {
    return (
      <div className="filters" role="search">
        {find}
        {children}
        {clear}
        <span className="grow" />
        {after}
      </div>
    );
  }
  return (
    <div className="filters" role="search">
      {find}
      {children && (
        <Button icon={<FilterOutlined />} onClick={() => setOpen(true)} aria-label={t('filter.open')}>
          {active > 0 ? active : null}
        </Button>
      )}
      {after}
      <Drawer open={open} onClose={() => setOpen(false)} placement="bottom" size="auto" title={t('filter.open')}>
        <div className="stack">
          {children}
          {clear}
          <Button type="primary" onClick={() => setOpen(false)}>
            {t('filter.show')}
          </Button>
        </div>
      </Drawer>
    </div>
  );
}

/** Search field; "/" jumps to it. The address follows after a short pause in typing. */
export function FindField({
  value,
  change,
  placeholder,
}: {
  value: string | undefined;
  change: (value: string | undefined) => void;
  placeholder: string;
}) {
  const [text, setText] = useState(value ?? '');
  const frame = useRef<HTMLDivElement>(null);
  const sent = useRef(value ?? '');
  useEffect(() => {
    if ((value ?? '') !== sent.current) {
      sent.current = value ?? '';
      setText(value ?? '');
    }
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      change(text === '' ? undefined : text);
    }, 250);
    return () => clearTimeout(timer);
  }, [text, change]);
  useKeys({ '/': () => frame.current?.querySelector('input')?.focus() });
  return (
    <div className="find" ref={frame}>
      <Input
        allowClear
        prefix={<SearchOutlined className="muted" />}
        value={text}
        placeholder={placeholder}
        aria-label={placeholder}
        onChange={(event) => setText(event.target.value)}
        data-testid="find"
      />
    </div>
  );
}

export function ChoiceFilter({
  label,
  value,
  options,
  change,
  multiple = false,
  search = false,
  prefixed = false,
}: {
  label: string;
  value: string | string[] | undefined;
  options: { value: string; label: string }[];
  change: (value: string | string[] | undefined) => void;
  multiple?: boolean;
  search?: boolean;
  /** Shows the label before the value, for choices that always have one. */
  prefixed?: boolean;
}) {
  return (
    <Select
      allowClear={!prefixed}
      prefix={prefixed ? <span className="muted">{label}</span> : undefined}
      mode={multiple ? 'multiple' : undefined}
      maxTagCount={1}
      showSearch={search ? { optionFilterProp: 'label' } : false}
      placeholder={label}
      aria-label={label}
      value={value}
      options={options}
      onChange={(next: string | string[] | undefined) =>
        change(next === undefined || next.length === 0 ? undefined : next)
      }
      popupMatchSelectWidth={false}
    />
  );
}

/** Two days as texts; no time zone takes part, the server reads them in the shop's or tenant's zone. */
export function DayRange({
  from,
  to,
  change,
  clearable = true,
}: {
  from: string | undefined;
  to: string | undefined;
  change: (from: string | undefined, to: string | undefined) => void;
  clearable?: boolean;
}) {
  const { t } = useTranslation();
  const today = today_in(useTenantZone());
  const narrow = useNarrow();
  const day = (text: string) => dayjs(text);
  const last = (days: number): [dayjs.Dayjs, dayjs.Dayjs] => [day(add_days(today, 1 - days)), day(today)];
  const month = start_of_month(today);
  const month_before = start_of_month(add_days(month, -1));
  return (
    <DatePicker.RangePicker
      value={[from ? day(from) : null, to ? day(to) : null]}
      allowClear={clearable}
      allowEmpty={[true, true]}
      placeholder={[t('filter.from'), t('filter.to')]}
      aria-label={t('filter.days')}
      inputReadOnly={narrow}
      presets={[
        { label: t('filter.today'), value: last(1) },
        { label: t('filter.last_7'), value: last(7) },
        { label: t('filter.last_30'), value: last(30) },
        { label: t('filter.last_90'), value: last(90) },
        { label: t('filter.this_month'), value: [day(month), day(today)] },
        { label: t('filter.last_month'), value: [day(month_before), day(add_days(month, -1))] },
        { label: t('filter.last_365'), value: last(365) },
      ]}
      onChange={(range) => change(range?.[0]?.format('YYYY-MM-DD'), range?.[1]?.format('YYYY-MM-DD'))}
      style={{ width: narrow ? '100%' : 240 }}
    />
  );
}
