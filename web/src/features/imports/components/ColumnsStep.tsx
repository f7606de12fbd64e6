// Preview of the file as read, how to read it, and which column is which field.
import { Button, Radio, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { ImportFile, ImportPreview } from '@/shared/api/types';
import { Notice, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { Panel } from '@/shared/components/page';
import { useWord } from '@/shared/i18n';
import { time_zones } from '@/shared/lib/time';
import { common_currencies } from '@/shared/lookups';
import { date_formats, delimiters, encodings, keys, run_import, usePreview, type RunImport } from '../queries';

const shown_rows = 12;

function PreviewTable({ preview, mapping }: { preview: ImportPreview; mapping: Record<string, string> }) {
  const { t } = useTranslation();
  const word = useWord();
  const field_of = (column: string) => Object.entries(mapping).find(([, mapped]) => mapped === column)?.[0];
  return (
    <div className="plain-wrap" tabIndex={0} role="group" aria-label={t('imports:preview')} style={{ maxHeight: 380, overflow: 'auto' }}>
      <table className="plain-table" data-testid="preview-table">
        <thead>
          <tr>
            {preview.header.map((column, index) => {
              const field = field_of(column);
              return (
                <th key={index} scope="col">
                  <div className="strong" style={{ color: 'var(--text)' }}>
                    {column}
                  </div>
                  <div className={field ? 'up' : ''}>{field
                      ? word('import_field', field)
                      : preview.dropped_columns.includes(column)
                        ? t('imports:dropped_column')
                        : t('imports:not_used')}</div>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {preview.rows.slice(0, shown_rows).map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at} className="nowrap" style={{ maxWidth: 220, overflow: 'hidden', textOverflow: 'ellipsis' }}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ColumnsStep({ file }: { file: ImportFile }) {
  const { t, i18n } = useTranslation();
  const word = useWord();
  const [encoding, setEncoding] = useState<string>();
  const [delimiter, setDelimiter] = useState<string>();
  const [decimal, setDecimal] = useState<string>();
  const preview = usePreview(file.id, { encoding, delimiter, decimal }, true);
  const [mapping, setMapping] = useState<Record<string, string> | null>(null);
  const [date_format, setDateFormat] = useState<string>();
  const [time_zone, setZone] = useState<string>();
  const [currency, setCurrency] = useState<string>();
  const [mode, setMode] = useState<RunImport['mode']>();
  const run = useAct(run_import, { touches: [keys.imports], quiet: true });
  useEffect(() => {
    if (preview.data && mapping === null) setMapping(preview.data.mapping);
  }, [preview.data, mapping]);

  if (preview.isPending) return <SkeletonLines lines={8} />;
  if (!preview.data) return <ProblemAlert error={preview.error} retry={() => void preview.refetch()} />;
  const shown = preview.data;
  const mapped = mapping ?? shown.mapping;
  const missing = shown.fields.filter((field) => field.required && !mapped[field.name]);
  const used = new Set(Object.values(mapped));
  const problem_text = (each: ImportPreview['problems'][number]) =>
    i18n.exists(`imports:problem.${each.code}`)
      ? t(`imports:problem.${each.code}`, { field: word('import_field', each.field) })
      : each.detail;
  const choice = (label: string, node: React.ReactNode) => (
    <label className="stack tight">
      <span className="muted small">{label}</span>
      {node}
    </label>
  );
  const set_field = (field: string, column: string | undefined) => {
    const next = { ...mapped };
    if (column) next[field] = column;
    else delete next[field];
    setMapping(next);
  };
  return (
    <>
      <Panel title={t('imports:reading')}>
        <div className="choices">
          {choice(
            t('imports:encoding'),
            <Select
              value={encoding ?? shown.encoding}
              onChange={(value: string) => setEncoding(value)}
              options={[...new Set([shown.encoding, ...encodings])].map((each) => ({ value: each, label: word('encoding', each) }))}
              data-testid="import-encoding"
            />,
          )}
          {choice(
            t('imports:delimiter'),
            <Select
              value={delimiter ?? shown.delimiter}
              onChange={(value: string) => setDelimiter(value)}
              options={[...new Set([shown.delimiter, ...delimiters])].map((each) => ({
                value: each,
                label: word('delimiter', each),
              }))}
            />,
          )}
          {choice(
            t('imports:numbers'),
            <Select
              value={decimal ?? shown.decimal}
              onChange={(value: string) => setDecimal(value)}
              options={[
                { value: 'point', label: '1,234.56' },
                { value: 'comma', label: '1.234,56' },
              ]}
            />,
          )}
          {choice(
            t('imports:dates'),
            <Select
              value={date_format ?? shown.date_format}
              onChange={(value: string) => setDateFormat(value)}
              options={date_formats.map((each) => ({ value: each, label: word('date_format', each) }))}
            />,
          )}
          {choice(
            t('imports:zone'),
            <Select
              showSearch
              value={time_zone ?? shown.time_zone}
              onChange={(value: string) => setZone(value)}
              options={time_zones().map((each) => ({ value: each, label: each }))}
            />,
          )}
          {choice(
            t('imports:currency'),
            <Select
              showSearch
              value={currency ?? shown.currency}
              onChange={(value: string) => setCurrency(value)}
              options={common_currencies.map((each) => ({ value: each, label: each }))}
            />,
          )}
        </div>
      </Panel>
      {shown.same_as && <Notice tone="warn">{t('imports:same_file')}</Notice>}
      {shown.problems.length > 0 && (
        <Notice tone="warn">
          <ul>
            {shown.problems.map((each, index) => (
              <li key={index}>{problem_text(each)}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Panel title={t('imports:preview')} flush>
        <PreviewTable preview={shown} mapping={mapped} />
      </Panel>
      <Panel
        title={t('imports:mapping')}
        extra={
          <span className="muted small">
            {t(`imports:source.${shown.mapping_source}`)}
          </span>
        }
      >
        <div className="choices wide" data-testid="import-mapping">
          {shown.fields.map((field) => (
            <label key={field.name} className="stack tight">
              <span className="small">
                {word('import_field', field.name)}{' '}
                {field.required ? <span className="down">{t('imports:required')}</span> : null}
              </span>
              <Select
                allowClear
                showSearch
                status={field.required && !mapped[field.name] ? 'error' : undefined}
                value={mapped[field.name]}
                onChange={(value: string | undefined) => set_field(field.name, value)}
                placeholder={t('imports:not_used')}
                options={shown.header.map((column) => ({
                  value: column,
                  label: column,
                  disabled: used.has(column) && mapped[field.name] !== column,
                }))}
                aria-label={word('import_field', field.name)}
              />
            </label>
          ))}
        </div>
      </Panel>
      <Panel title={t('imports:bad_rows')}>
        <Radio.Group
          value={mode ?? shown.mode}
          onChange={(event) => setMode(event.target.value as RunImport['mode'])}
          options={[
            { value: 'all_or_none', label: t('imports:all_or_none') },
            { value: 'skip_bad', label: t('imports:skip_bad') },
          ]}
          vertical
        />
      </Panel>
      <ProblemAlert error={run.error} />
      <div className="row">
        <Button
          type="primary"
          size="large"
          disabled={missing.length > 0}
          loading={run.isPending}
          onClick={() =>
            run.mutate({
              id: file.id,
              mapping: mapped,
              encoding: encoding ?? shown.encoding,
              delimiter: delimiter ?? shown.delimiter,
              number_format: (decimal ?? shown.decimal) === 'comma' ? 'comma' : 'point',
              date_format: date_format ?? shown.date_format,
              time_zone: time_zone ?? shown.time_zone,
              currency: currency ?? shown.currency,
              mode: mode ?? shown.mode,
              charges: shown.charges,
              rules: shown.rules,
              create_skus: shown.create_skus,
            })
          }
          data-testid="import-run"
        >
          {t('imports:run')}
        </Button>
        {missing.length > 0 && (
          <span className="down">
            {t('imports:missing', { fields: missing.map((field) => word('import_field', field.name)).join(', ') })}
          </span>
        )}
      </div>
    </>
  );
}
