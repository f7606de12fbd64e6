// Frames of pages: list, detail, panel, facts. A new page looks like the others by using them.
import { ArrowLeftOutlined } from '@ant-design/icons';
import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Entrepot` : 'Entrepot';
  }, [title]);
}

export function PageHead({
  title,
  note,
  back,
  tags,
  actions,
}: {
  title: string;
  note?: ReactNode;
  back?: { to: string; label: string };
  tags?: ReactNode;
  actions?: ReactNode;
}) {
  usePageTitle(title);
  return (
    <div className="page-head">
      <div className="titles">
        {back && (
          <Link to={back.to} className="small">
            <ArrowLeftOutlined /> {back.label}
          </Link>
        )}
        <div className="row wrap">
          <h1>{title}</h1>
          {tags}
        </div>
        {note && <div className="muted">{note}</div>}
      </div>
      {actions && <div className="actions">{actions}</div>}
    </div>
  );
}

/** A page whose list fills the window: head, filters, then the table takes the rest. */
export function ListPage({
  title,
  note,
  actions,
  filters,
  children,
  testid,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  filters?: ReactNode;
  children: ReactNode;
  testid?: string;
}) {
  return (
    <div className="page fill" data-testid={testid}>
      <PageHead title={title} note={note} actions={actions} />
      {filters}
      {children}
    </div>
  );
}

export function DetailPage({
  title,
  note,
  back,
  tags,
  actions,
  children,
  narrow = false,
  testid,
}: {
  title: string;
  note?: ReactNode;
  back?: { to: string; label: string };
  tags?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  narrow?: boolean;
  testid?: string;
}) {
  return (
    <div className={narrow ? 'page narrow' : 'page'} data-testid={testid}>
      <PageHead title={title} note={note} back={back} tags={tags} actions={actions} />
      <div className="stack" style={{ gap: 16 }}>
        {children}
      </div>
    </div>
  );
}

export function Panel({
  title,
  extra,
  flush = false,
  children,
  testid,
}: {
  title?: string;
  extra?: ReactNode;
  flush?: boolean;
  children: ReactNode;
  testid?: string;
}) {
  return (
    <section className="panel" data-testid={testid} aria-label={title}>
      {title && (
        <header>
          <h2>{title}</h2>
          {extra}
        </header>
      )}
      <div className={flush ? 'body flush' : 'body'}>{children}</div>
    </section>
  );
}

export function Facts({ items }: { items: [label: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {items.map(([label, value]) => (
        <div key={label} style={{ display: 'contents' }}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
