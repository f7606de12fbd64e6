// Says which of our SKUs a seller SKU is, right where the question came up.
import { AutoComplete, Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import { keys, map_sku, useSkuGuess, useSkuSearch } from '../queries';

export function MapSkuForm({ shop_id, seller_sku, done }: { shop_id: string; seller_sku: string; done: () => void }) {
  const { t } = useTranslation();
  const [typed, setText] = useState<string | null>(null);
  const [asked, setAsked] = useState(seller_sku);
  const guess = useSkuGuess(shop_id, seller_sku);
  const text = typed ?? guess.data ?? seller_sku;
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 200);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useSkuSearch(asked);
  const known = (found.data ?? []).some((sku) => sku.code === text.trim());
  const map = useAct(map_sku, {
    touches: [keys.exceptions, keys.orders, ['/sku-mappings'], ['/skus']],
    done: t('orders:exceptions.mapped', { seller_sku, sku: text.trim() }),
  });
  return (
    <div className="row wrap" data-testid="map-form">
      <AutoComplete
        style={{ minWidth: 200, flex: '1 1 200px' }}
        value={text}
        onChange={(value: string) => setText(value)}
        options={(found.data ?? []).map((sku) => ({ value: sku.code, label: `${sku.code} · ${sku.title}` }))}
        placeholder={t('orders:exceptions.our_sku')}
        aria-label={t('orders:exceptions.our_sku')}
      />
      <Button
        type="primary"
        disabled={text.trim() === '' || asked !== text.trim() || found.isFetching || guess.isPending}
        loading={map.isPending}
        onClick={() =>
          map.mutate({ shop_id, seller_sku, sku_code: text.trim(), create_sku: !known }, { onSuccess: done })
        }
        data-testid="map-submit"
      >
        {known || text.trim() === '' ? t('orders:exceptions.map') : t('orders:exceptions.create_and_map')}
      </Button>
    </div>
  );
}
