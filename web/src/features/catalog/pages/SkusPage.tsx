// Our own SKUs: code and title.
import { PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Modal } from 'antd';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAct } from '@/shared/act';
import { useKeysetList } from '@/shared/api/list';
import type { Sku } from '@/shared/api/types';
import { DataTable, type Column } from '@/shared/components/DataTable';
import { EmptyState, permission, PermissionGuard, ProblemAlert } from '@/shared/components/feedback';
import { FilterBar, FindField } from '@/shared/components/FilterBar';
import { ListPage } from '@/shared/components/page';
import { filter_query, useUrlFilter } from '@/shared/lib/filters';
import { usePermitted } from '@/shared/session';
import { create_sku, keys, save_sku, sku_filter } from '../queries';

export default function SkusPage() {
  const { t } = useTranslation();
  const { values, merge, clear } = useUrlFilter(sku_filter);
  const list = useKeysetList<Sku>('/skus', filter_query(sku_filter, values));
  const may = usePermitted()(permission.catalog_write);
  const [edited, setEdited] = useState<Sku | 'new' | null>(null);
  const [form] = Form.useForm<{ code: string; title: string }>();
  const create = useAct(create_sku, { touches: [keys.skus], done: t('saved'), quiet: true });
  const save = useAct(save_sku, { touches: [keys.skus], done: t('saved'), quiet: true });
  const find = useCallback((q: string | undefined) => merge({ q }), [merge]);
  const end = () => {
    create.reset();
    save.reset();
    setEdited(null);
  };
  const send = (input: { code: string; title: string }) => {
    if (edited === 'new') create.mutate(input, { onSuccess: end });
    else if (edited) save.mutate({ id: edited.id, title: input.title }, { onSuccess: end });
  };
  const columns: Column<Sku>[] = [
    {
      id: 'code',
      header: t('catalog:sku.code'),
      width: 200,
      grow: 1,
      card: 'title',
      cell: (row) => <code>{row.code}</code>,
    },
    { id: 'title', header: t('catalog:sku.title'), width: 280, grow: 3, cell: (row) => row.title },
    {
      id: 'orders',
      header: t('nav.orders'),
      width: 120,
      cell: (row) => <Link to={`/orders?sku=${encodeURIComponent(row.code)}`}>{t('catalog:sku.see_orders')}</Link>,
    },
    {
      id: 'act',
      header: t('field.actions'),
      width: 100,
      align: 'end',
      card: 'aside',
      cell: (row) =>
        may && (
          <Button size="small" onClick={() => setEdited(row)}>
            {t('action.edit')}
          </Button>
        ),
    },
  ];
  return (
    <ListPage
      testid="skus-page"
      title={t('nav.skus')}
      actions={
        <PermissionGuard needs={permission.catalog_write} quiet>
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
            {t('catalog:sku.new')}
          </Button>
        </PermissionGuard>
      }
      filters={
        <FilterBar
          find={<FindField value={values.q} change={find} placeholder={t('catalog:sku.find')} />}
          active={0}
          on_clear={clear}
        />
      }
    >
      <DataTable
        id="skus"
        label={t('nav.skus')}
        columns={columns}
        list={list}
        row_key={(row) => row.id}
        empty={<EmptyState title={t('catalog:sku.empty')} text={t('catalog:sku.empty_text')} />}
      />
      <Modal
        open={edited !== null}
        title={edited === 'new' ? t('catalog:sku.new') : t('action.edit')}
        okText={t('action.save')}
        okButtonProps={{ loading: create.isPending || save.isPending }}
        onCancel={end}
        onOk={() => form.submit()}
        destroyOnHidden
      >
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          preserve={false}
          initialValues={edited === 'new' || !edited ? { code: '', title: '' } : edited}
          onFinish={send}
        >
          <Form.Item name="code" label={t('catalog:sku.code')} rules={[{ required: true, message: t('form.required') }]}>
            <Input className="mono" disabled={edited !== 'new'} />
          </Form.Item>
          <Form.Item name="title" label={t('catalog:sku.title')} rules={[{ required: true, message: t('form.required') }]}>
            <Input />
          </Form.Item>
          <ProblemAlert error={create.error ?? save.error} />
        </Form>
      </Modal>
    </ListPage>
  );
}
