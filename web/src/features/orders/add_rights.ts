// Who may add an order: it changes orders and states amounts.
import { permission, usePermitted } from '@/shared/session';

export function useMayAddOrders(): boolean {
  const permitted = usePermitted();
  return permitted(permission.orders_write) && permitted(permission.money_read);
}
