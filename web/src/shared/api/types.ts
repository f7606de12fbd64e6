// Shapes of the API's answers, one place for the whole console.
import type { Money } from '../lib/money';

export type { Money };

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Count {
  count: number;
  exact: boolean;
}

/* account */
export type NextStep = 'enrol_mfa' | 'verify_mfa' | 'change_password' | 'done';

export interface Session {
  level: 'none' | 'password' | 'full';
  csrf_token: string;
  user: { id: string; name: string; email: string; language: string } | null;
  tenant: { id: string; legal_name: string; book_currency: string; time_zone: string } | null;
  permissions: string[];
  roles: string[];
  shop_scope: string[] | null;
  next: NextStep | null;
}

export interface SignInAnswer {
  next: NextStep;
}

export interface RoleGrant {
  role: string;
  shops: string[] | null;
}

export interface User {
  id: string;
  name: string;
  email: string;
  state: 'active' | 'disabled';
  disabled_reason: string | null;
  roles: RoleGrant[];
  mfa_enrolled: boolean;
  last_sign_in_at: string | null;
  created_at: string;
}

export interface Invitation {
  id: string;
  email: string;
  name: string;
  roles: RoleGrant[];
  created_at: string;
  expires_at: string;
}

export interface Role {
  name: string;
  permissions: string[];
}

export interface DeviceSession {
  id: string;
  current: boolean;
  created_at: string;
  last_seen_at: string;
  ip: string;
  user_agent: string;
}

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  permissions: string[];
  shops: string[] | null;
  created_at: string;
  expires_at: string;
  user_name: string;
  last_used_at: string | null;
}

export interface Tenant {
  id: string;
  legal_name: string;
  country: string;
  registration_number: string;
  registered_address: string;
  billing_email: string;
  contact: { name: string; title: string; email: string; phone: string };
  book_currency: string;
  time_zone: string;
  language: string;
}

export interface Preferences {
  language?: string;
  theme?: 'light' | 'dark' | 'system';
  density?: 'compact' | 'comfortable';
}

/* channel */
export interface Marketplace {
  id: string;
  country: string;
  name: string;
  currency: string;
  participating: boolean;
  enabled: boolean;
}

export interface Shop {
  id: string;
  name: string;
  channel: 'amazon' | 'file';
  region: string | null;
  seller_id: string | null;
  state: 'connected' | 'broken' | 'paused';
  time_zone: string;
  marketplaces: Marketplace[];
  last_synced_at: string | null;
}

export interface SyncRun {
  id: string;
  kind: string;
  started_at: string;
  ended_at: string | null;
  state: string;
  orders_seen: number;
  orders_changed: number;
  pages: number;
  detail: string;
}

export interface ShopSync {
  lag_seconds: number | null;
  last_good_at: string | null;
  last_error: { code: string; detail: string; at: string; request_id: string } | null;
  next_run_at: string | null;
  watermark: string | null;
  state: 'connected' | 'broken' | 'paused';
  credentials_set_at: string;
  pii_dropped: number;
  quota: { operation: string; rate: string; burst: number; tokens: string; used_24h: number; throttled_24h: number }[];
  runs: SyncRun[];
  history: {
    state: 'none' | 'requested' | 'running' | 'done' | 'failed';
    from: string | null;
    to: string | null;
    reports: { from: string; to: string; state: string; rows: number; orders: number }[];
  };
}

/* orders */
export interface OrderRow {
  id: string;
  kind: string;
  shop_id: string;
  shop_name: string;
  channel_order_id: string;
  ordered_at: string;
  updated_at: string;
  state: string;
  channel_state: string;
  fulfilled_by: string;
  marketplace_id: string | null;
  marketplace_name: string | null;
  ship_country: string | null;
  line_count: number;
  unit_count: number;
  grand_total: Money | null;
  held: boolean;
  exception_count: number;
  tags: string[];
  first_line: { sku: string; title: string; quantity: number } | null;
  masked?: string[];
}

export interface Amounts {
  item: Money | null;
  shipping: Money | null;
  gift_wrap: Money | null;
  tax: Money | null;
  discount: Money | null;
  other: Money | null;
}

export interface OrderLine {
  id: string;
  line_no: number;
  channel_line_id: string;
  seller_sku: string;
  sku_id: string | null;
  sku: string | null;
  title: string;
  quantity_ordered: number;
  quantity_shipped: number;
  quantity_cancelled: number;
  unit_price: Money | null;
  amounts: (Amounts & { total: Money | null }) | null;
  kind: string;
  state: string;
}

export interface Order extends OrderRow {
  lines: OrderLine[];
  money: (Amounts & { grand_total: Money | null; foots: boolean }) | null;
  packages: {
    reference: string;
    carrier: string;
    tracking_number: string;
    status: string;
    shipped_at: string | null;
    delivered_at: string | null;
  }[];
  windows: {
    ship_by_from: string | null;
    ship_by_to: string | null;
    deliver_by_from: string | null;
    deliver_by_to: string | null;
  };
  programs: string[];
  hold: { reason: string; by: string; at: string } | null;
  notes: { id: string; text: string; by_name: string; at: string }[];
  history: {
    at: string;
    kind: string;
    from: string;
    to: string;
    actor_name: string;
    detail: string;
  }[];
  source: { channel: string; operation: string; request_id: string; received_at: string; origin: string };
  pii_state: 'not_fetched' | 'held' | 'restricted' | 'not_granted' | 'erased';
  exceptions: { id: string; kind: string; subject: string; detail: string; at: string; state: string }[];
  version: number;
  allowed_actions: string[];
}

export interface OrderCount extends Count {
  by_state: Record<string, number>;
}

export interface BulkAnswer {
  done: string[];
  refused: { id: string; code: string; detail: string }[];
}

export interface SavedView {
  id: string;
  name: string;
  filter: Record<string, string>;
  shared: boolean;
  mine: boolean;
}

export interface OrderException {
  id: string;
  order_id: string;
  channel_order_id: string;
  shop_id: string;
  shop_name: string;
  kind: string;
  detail: string;
  subject: string | null;
  first_seen_at: string;
  state: 'open' | 'resolved' | 'dismissed';
}

export interface SearchAnswer {
  orders: OrderRow[];
  skus: { id: string; code: string; title: string }[];
  shops: { id: string; name: string }[];
}

/* catalog */
export interface Sku {
  id: string;
  code: string;
  title: string;
}

export interface SkuMapping {
  id: string;
  shop_id: string;
  seller_sku: string;
  sku_id: string;
  sku_code: string;
  shop_name: string;
  sku_title: string;
  valid_from: string | null;
  valid_to: string | null;
  created_at: string;
  created_by: string;
}

export interface MappingSuggestion {
  seller_sku: string;
  title: string;
  orders: number;
  sku_code: string | null;
  sku_title: string | null;
  reason: string;
}

/* imports */
export type ImportState = 'uploaded' | 'previewed' | 'running' | 'done' | 'failed' | 'undoing' | 'undone';

export interface ImportCounts {
  rows: number;
  orders_created: number;
  orders_changed: number;
  unchanged: number;
  lines: number;
  cancelled: number;
  adjustments: number;
  fees: number;
  skipped: number;
  dropped_pii_columns: number;
  orders_removed: number;
}

export interface ImportFile {
  id: string;
  shop_id: string;
  file_name: string;
  size: number;
  sha256: string;
  state: ImportState;
  encoding: string;
  delimiter: string;
  header: string[];
  progress: { phase: 'none' | 'checking' | 'writing'; rows_read: number; rows_total: number; percent: number };
  counts: ImportCounts;
  dropped_columns: string[];
  error_count: number;
  started_at: string | null;
  ended_at: string | null;
  failure: { code: string; detail: string } | null;
  same_as: string | null;
  file_kept: boolean;
  created_by: string;
  created_at: string;
}

export interface ImportPreview {
  encoding: string;
  delimiter: string;
  decimal: 'point' | 'comma';
  date_format: string;
  date_formats: string[];
  time_zone: string;
  currency: string;
  dropped_columns: string[];
  profile: string | null;
  rules: unknown;
  charges: 'per_line' | 'per_order';
  mode: 'all_or_none' | 'skip_bad';
  create_skus: boolean;
  same_as: string | null;
  header: string[];
  rows: string[][];
  mapping: Record<string, string>;
  mapping_source: 'remembered' | 'profile' | 'guessed';
  fields: { name: string; required: boolean }[];
  problems: { code: string; field: string; detail: string }[];
}

/* insight */
/** All measures; money is null where the role may not see it or no currency is known. */
export interface Figures {
  currency: string | null;
  orders: number;
  cancelled_orders: number;
  pending_orders: number;
  credit_notes: number;
  units: number;
  credit_units: number;
  sales: Money | null;
  credits: Money | null;
  discounts: Money | null;
  postage: Money | null;
  tax: Money | null;
  fees: Money | null;
  adjustments: Money | null;
  other: Money | null;
  total: Money | null;
  masked?: string[];
}

export interface SalesPoint {
  period: string;
  last_day: string;
  orders: number;
  cancelled_orders: number;
  units: number;
  sales: Money | null;
  credits: Money | null;
  total: Money | null;
}

export interface Gap {
  code: string;
  detail: string;
  shop_id: string | null;
  count: number;
}

export interface Freshness {
  as_of: string;
  complete: boolean;
  incomplete_reason: string | null;
  gaps: Gap[];
}

export interface TopRow {
  key: string;
  label: string;
  title: string | null;
  /** Parameters of the order list behind the figure, without its days; null where it has no such list. */
  drill: string | null;
  totals: Figures;
}

export interface SalesReport extends Freshness {
  book_currency: string;
  rates: { source: string; latest_date: string | null };
  periods: string[];
  series: (TopRow & { points: SalesPoint[] })[];
  totals: Figures;
  compare_totals: Figures | null;
  compare_from: string | null;
  compare_to: string | null;
  compare_points: SalesPoint[];
  originals: Figures[];
}

export interface TopReport extends Freshness {
  book_currency: string;
  items: TopRow[];
  totals: Figures;
}

export interface Dashboard extends Freshness {
  book_currency: string;
  rates: { source: string; latest_date: string | null };
  today: Figures;
  period: { from: string; to: string; totals: Figures; compare_from: string; compare_to: string; compare_totals: Figures };
  sales_by_day: SalesPoint[];
  by_shop: TopRow[];
  top_skus: TopRow[];
  open: { exceptions: number; held: number; unshipped: number; late: number };
  sync: {
    shop_id: string;
    name: string;
    channel: string;
    state: string;
    last_synced_at: string | null;
    lag_seconds: number | null;
  }[];
}

export interface RateRow {
  currency: string;
  day: string;
  per_eur: string;
  source: string;
  imported_at: string;
}

/* audit, platform */
export interface AuditRow {
  id: string;
  at: string;
  actor: { kind: string; id: string | null; name: string };
  act: string;
  object_kind: string;
  object_id: string;
  result: string;
  code: string;
  ip: string;
  user_agent: string;
  request_id: string;
  detail: unknown;
}

export interface QuarantinedJob {
  id: string;
  kind: string;
  attempts: number;
  error: string;
  created_at: string;
}

export interface Version {
  version: string;
  commit: string;
}
