// What stands in the side bar, the phone's bottom bar, the palette and the shortcut list: one table.
import {
  AlertOutlined,
  ApiOutlined,
  AuditOutlined,
  BarChartOutlined,
  ClusterOutlined,
  ExclamationCircleOutlined,
  HomeOutlined,
  ImportOutlined,
  LinkOutlined,
  LockOutlined,
  SafetyCertificateOutlined,
  SendOutlined,
  SettingOutlined,
  ShopOutlined,
  ShoppingOutlined,
  TagsOutlined,
  TeamOutlined,
  UserDeleteOutlined,
  UserSwitchOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { permission as p, type Permission } from '../shared/session';

export interface NavItem {
  to: string;
  /** Key of the label in the common texts. */
  label: string;
  icon: ReactNode;
  /** Second key after "g". */
  key: string;
  needs?: Permission;
  group: 'work' | 'channels' | 'insight' | 'house';
  /** Stands in the phone's bottom bar. */
  thumb?: boolean;
}

export const nav_items: NavItem[] = [
  { to: '/', label: 'nav.home', icon: <HomeOutlined />, key: 'h', needs: p.insight_read, group: 'work', thumb: true },
  { to: '/orders', label: 'nav.orders', icon: <ShoppingOutlined />, key: 'o', needs: p.orders_read, group: 'work', thumb: true },
  { to: '/shipping', label: 'nav.shipping', icon: <SendOutlined />, key: 'w', needs: p.shipments_read, group: 'work', thumb: true },
  { to: '/buyers', label: 'nav.buyers', icon: <UserSwitchOutlined />, key: 'f', needs: p.buyers_search, group: 'work' },
  { to: '/exceptions', label: 'nav.exceptions', icon: <ExclamationCircleOutlined />, key: 'e', needs: p.orders_read, group: 'work', thumb: true },
  { to: '/mappings', label: 'nav.mappings', icon: <LinkOutlined />, key: 'm', needs: p.catalog_read, group: 'work' },
  { to: '/skus', label: 'nav.skus', icon: <TagsOutlined />, key: 'k', needs: p.catalog_read, group: 'work' },
  { to: '/shops', label: 'nav.shops', icon: <ShopOutlined />, key: 's', needs: p.shops_read, group: 'channels' },
  { to: '/imports', label: 'nav.imports', icon: <ImportOutlined />, key: 'i', needs: p.imports_run, group: 'channels' },
  { to: '/reports', label: 'nav.reports', icon: <BarChartOutlined />, key: 'r', needs: p.insight_read, group: 'insight', thumb: true },
  { to: '/users', label: 'nav.users', icon: <TeamOutlined />, key: 'u', needs: p.users_read, group: 'house' },
  { to: '/api-keys', label: 'nav.api_keys', icon: <ApiOutlined />, key: 'p', needs: p.keys_write, group: 'house' },
  { to: '/audit', label: 'nav.audit', icon: <AuditOutlined />, key: 'a', needs: p.audit_read, group: 'house' },
  { to: '/buyer-requests', label: 'nav.buyer_requests', icon: <UserDeleteOutlined />, key: 'b', needs: p.buyers_rights, group: 'house' },
  { to: '/legal-holds', label: 'nav.legal_holds', icon: <LockOutlined />, key: 'l', needs: p.buyers_hold, group: 'house' },
  { to: '/promises', label: 'nav.promises', icon: <SafetyCertificateOutlined />, key: 'v', needs: p.compliance_read, group: 'house' },
  { to: '/incidents', label: 'nav.incidents', icon: <AlertOutlined />, key: 'n', needs: p.compliance_read, group: 'house' },
  { to: '/jobs', label: 'nav.jobs', icon: <ClusterOutlined />, key: 'j', needs: p.jobs_write, group: 'house' },
  { to: '/settings', label: 'nav.settings', icon: <SettingOutlined />, key: ',', group: 'house' },
];

export const nav_groups = ['work', 'channels', 'insight', 'house'] as const;
