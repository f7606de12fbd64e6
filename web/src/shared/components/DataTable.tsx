// The list of every list page: virtualised, keyset pages on scroll, columns to choose, keyboard rows, cards on a phone.
import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { getCoreRowModel, useReactTable, type ColumnDef } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button, Checkbox } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { KeysetList } from '../api/list';
import { useKeys } from '../lib/keys';
import { useNarrow } from '../lib/media';
import { useStored } from '../lib/stored';
import { ProblemAlert, SkeletonLines } from './feedback';
import { TableTools } from './TableTools';

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Smallest width in pixels; `grow` shares what is left. */
  width: number;
  grow?: number;
  align?: 'end';
  hidden?: boolean;
  sort?: { ascending: string; descending: string };
  /** Place on a phone's card. */
  card?: 'title' | 'aside' | 'line' | 'none';
}

export interface Selection {
  picked: ReadonlySet<string>;
  change: (picked: ReadonlySet<string>) => void;
}

interface Props<T> {
  id: string;
  label: string;
  columns: Column<T>[];
  list: KeysetList<T>;
  row_key: (row: T) => string;
  row_link?: (row: T) => string;
  on_open?: (row: T) => void;
  selection?: Selection;
  sort?: { value: string; change: (value: string) => void };
  empty: ReactNode;
  tools?: ReactNode;
  count?: ReactNode;
  bulk?: ReactNode;
}

export type Density = 'compact' | 'comfortable';

const pick_width = 40;

export function DataTable<T>(props: Props<T>) {
  const { id, columns, list, row_key, row_link, on_open, selection } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const [density, setDensity] = useStored<Density>('density', 'compact');
  const [hidden, setHidden] = useStored<string[]>(
    `columns.${id}`,
    columns.filter((each) => each.hidden).map((each) => each.id),
  );

  const definitions = useMemo<ColumnDef<T>[]>(
    () => columns.map((each) => ({ id: each.id, header: each.header, meta: each })),
    [columns],
  );
  const visibility = useMemo(() => Object.fromEntries(hidden.map((each) => [each, false])), [hidden]);
  const table = useReactTable({
    data: list.rows,
    columns: definitions,
    getCoreRowModel: getCoreRowModel(),
    getRowId: row_key,
    state: { columnVisibility: visibility },
  });
  const shown = table.getVisibleLeafColumns().map((each) => each.columnDef.meta as Column<T>);
  const rows = table.getRowModel().rows;

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? 84 : density === 'compact' ? 36 : 48),
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  const { has_more, load_more } = list;
  useEffect(() => {
    if (has_more && last >= rows.length - 15) load_more();
  }, [has_more, last, rows.length, load_more]);
  useEffect(() => {
    virtual.measure();
  }, [density, narrow, virtual]);

  const open = useCallback(
    (row: T) => {
      if (on_open) on_open(row);
      else if (row_link) void navigate(row_link(row));
    },
    [navigate, on_open, row_link],
  );
  const toggle = useCallback(
    (key: string) => {
      if (!selection) return;
      const next = new Set(selection.picked);
      if (!next.delete(key)) next.add(key);
      selection.change(next);
    },
    [selection],
  );
  const go = (step: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, active + step));
    setActive(next);
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  useKeys({
    j: () => go(1),
    k: () => go(-1),
    Enter: (event) => {
      const row = rows[active];
      const target = event.target as HTMLElement;
      if (target.closest('a,button')) target.click();
      else if (row) open(row.original);
    },
    x: () => {
      const row = rows[active];
      if (row) toggle(row.id);
    },
  });

  const template = [
    ...(selection ? [`${pick_width}px`] : []),
    ...shown.map((each) => (each.grow ? `minmax(${each.width}px, ${each.grow}fr)` : `${each.width}px`)),
  ].join(' ');
  const min_width = shown.reduce((sum, each) => sum + each.width, selection ? pick_width : 0);
  const all_picked = rows.length > 0 && rows.every((row) => selection?.picked.has(row.id));

  return (
    <div className="grid-frame">
      {props.bulk ?? (
        <div className="grid-tools">
          <div className="grow muted small">
            {props.count ??
              (list.loading ? '' : t('table.rows', { count: rows.length, more: list.has_more ? '+' : '' }))}
          </div>
          {props.tools}
          {!narrow && (
            <TableTools
              columns={columns}
              hidden={hidden}
              change_hidden={setHidden}
              density={density}
              change_density={setDensity}
            />
          )}
        </div>
      )}
      {list.error && (
        <div style={{ padding: 12 }}>
          <ProblemAlert error={list.error} retry={list.retry} />
        </div>
      )}
      <div
        className="grid-scroll"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={props.label}
        data-testid={`table-${id}`}
      >
        <div
          className="grid-table"
          role="table"
          aria-label={props.label}
          aria-busy={list.refreshing}
          aria-rowcount={list.has_more ? -1 : rows.length + 1}
          style={{ minWidth: narrow ? undefined : min_width }}
        >
        {!narrow && (
          <div role="rowgroup">
            <div className="grid-row grid-head" role="row" style={{ gridTemplateColumns: template }}>
              {selection && (
                <div role="columnheader">
                  <Checkbox
                    aria-label={t('table.pick_all')}
                    checked={all_picked}
                    indeterminate={!all_picked && selection.picked.size > 0}
                    onChange={() => selection.change(all_picked ? new Set() : new Set(rows.map((row) => row.id)))}
                  />
                </div>
              )}
              {shown.map((each) => (
                <HeadCell key={each.id} column={each} sort={props.sort} />
              ))}
            </div>
          </div>
        )}
        <div
          className="grid-body"
          role="rowgroup"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const picked = selection?.picked.has(row.id) ?? false;
            const opens = Boolean(row_link ?? on_open);
            const classes = `${picked ? ' picked' : ''}${item.index === active ? ' active' : ''}${opens ? ' opens' : ''}`;
            const on_click = (event: React.MouseEvent) => {
              setActive(item.index);
              if ((event.target as HTMLElement).closest('a,button,input,label,.ant-popover')) return;
              if (window.getSelection()?.toString()) return;
              if (opens) open(row.original);
            };
            const frame = {
              'data-index': item.index,
              'data-row': row.id,
              'aria-rowindex': item.index + 2,
              role: 'row',
              onClick: on_click,
            };
            if (narrow) {
              return (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  className={`card-row${classes}`}
                  style={{ transform: `translateY(${item.start}px)` }}
                  {...frame}
                >
                  <Card row={row.original} columns={shown} />
                </div>
              );
            }
            return (
              <div
                key={item.key}
                className={`grid-row${classes}`}
                style={{
                  transform: `translateY(${item.start}px)`,
                  height: item.size,
                  gridTemplateColumns: template,
                }}
                {...frame}
              >
                {selection && (
                  <div role="cell">
                    <Checkbox aria-label={t('table.pick')} checked={picked} onChange={() => toggle(row.id)} />
                  </div>
                )}
                {shown.map((each) => (
                  <div key={each.id} role="cell" className={each.align === 'end' ? 'end clip' : 'clip'}>
                    {each.cell(row.original)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
        </div>
        {list.loading && <SkeletonLines lines={10} />}
        {!list.loading && rows.length === 0 && !list.error && props.empty}
        {list.loading_more && <div className="grid-foot">{t('loading')}</div>}
        {list.has_more && !list.loading_more && (
          <div className="grid-foot">
            <Button type="link" size="small" onClick={list.load_more}>
              {t('table.more')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function HeadCell<T>({ column, sort }: { column: Column<T>; sort: Props<T>['sort'] }) {
  const order = column.sort;
  const direction =
    order && sort?.value === order.ascending
      ? 'ascending'
      : order && sort?.value === order.descending
        ? 'descending'
        : undefined;
  const label = (
    <>
      {column.header}
      {direction === 'ascending' && <ArrowUpOutlined />}
      {direction === 'descending' && <ArrowDownOutlined />}
    </>
  );
  return (
    <div
      role="columnheader"
      className={column.align === 'end' ? 'end clip' : 'clip'}
      aria-sort={order ? (direction ?? 'none') : undefined}
    >
      {order && sort ? (
        <button
          type="button"
          className="plain"
          onClick={() => sort.change(direction === 'descending' ? order.ascending : order.descending)}
        >
          {label}
        </button>
      ) : (
        label
      )}
    </div>
  );
}

function Card<T>({ row, columns }: { row: T; columns: Column<T>[] }) {
  const of = (place: string) => columns.filter((each) => (each.card ?? 'line') === place);
  return (
    <>
      <div role="cell" className="title clip">
        {of('title').map((each) => (
          <span key={each.id}>{each.cell(row)}</span>
        ))}
      </div>
      <div role="cell" className="aside">
        {of('aside').map((each) => (
          <span key={each.id}>{each.cell(row)}</span>
        ))}
      </div>
      <div role="cell" className="lines">
        {of('line').map((each) => (
          <span key={each.id}>{each.cell(row)}</span>
        ))}
      </div>
    </>
  );
}
