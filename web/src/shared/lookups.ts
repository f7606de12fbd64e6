// Short lists that many pages choose from.
import { useQuery } from '@tanstack/react-query';
import { api } from './api/client';
import type { Page, Shop } from './api/types';
import { permission, usePermitted } from './session';

export function useShops() {
  const permitted = usePermitted()(permission.shops_read);
  return useQuery({
    queryKey: ['/shops'],
    queryFn: ({ signal }) => api.get<Page<Shop>>('/shops', {}, signal),
    select: (page) => page.items,
    staleTime: 30_000,
    enabled: permitted,
  });
}

export function useShopOptions(): { value: string; label: string }[] {
  return (useShops().data ?? []).map((shop) => ({ value: shop.id, label: shop.name }));
}

/** Countries that sellers ship to most; any two-letter code can still stand in the address. */
export const common_countries = [
  'US', 'CA', 'MX', 'BR', 'GB', 'DE', 'FR', 'IT', 'ES', 'NL', 'BE', 'SE', 'PL', 'IE', 'AT', 'CH', 'PT', 'DK', 'NO',
  'FI', 'TR', 'AE', 'SA', 'IN', 'JP', 'SG', 'AU', 'NZ', 'HK', 'CN', 'KR',
];
export const common_currencies = [
  'USD', 'EUR', 'GBP', 'JPY', 'CNY', 'CAD', 'MXN', 'AUD', 'SGD', 'HKD', 'SEK', 'PLN', 'TRY', 'AED', 'SAR', 'INR',
  'BRL', 'CHF', 'KWD',
];
