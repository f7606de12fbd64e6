// A seller's first day: sign-up → authenticator → connect a shop → history and sync → exception → mapping → report → export.
import { readFile } from 'node:fs/promises';
import { axe_faults, expect, expect_equal, open_person, picture, until } from './lib.mjs';
import { csv_rows, enrol, get, keep_recovery_codes, sign_in, sign_up } from './people.mjs';

/** The simulator's own credentials for a region's shop. */
async function sim_credentials(context, sim_url, sim_token, region) {
  const answer = await context.request.get(`${sim_url}/admin/credentials`, { headers: { 'x-admin-token': sim_token } });
  expect(answer.ok(), `the simulator answered ${answer.status()}`);
  return (await answer.json()).credentials.find((each) => each.region === region);
}

async function check_page(page) {
  const faults = await axe_faults(page);
  expect(faults.length === 0, `accessibility: ${faults.join('; ')}`);
}

export async function first_day({ browser, base_url, sim_url, sim_token, shots, report }) {
  const { context, page, problems } = await open_person(browser, base_url);
  const email = `owner-${Date.now()}@first-day.example`;
  let authenticator;
  let shop;
  let exceptions_before = 0;
  let seller_sku = '';

  const steps = [
    ['sign-up says what is missing and checks a Chinese credit code', async () => {
      await page.goto('/sign-up');
      await page.getByTestId('sign-up-submit').click();
      await page.locator('.ant-form-item-explain-error').first().waitFor();
      await page.getByTestId('sign-up-country').locator('input').fill('CN');
      await page.locator('.ant-select-item-option', { hasText: 'CN' }).first().click();
      await page.getByTestId('sign-up-registration-number').fill('91330100799655058A');
      await page.getByText('does not fit the others').waitFor();
      await page.getByTestId('sign-up-registration-number').fill('91330100799655058B');
      await until('the code to be taken', async () => !(await page.getByText('does not fit the others').isVisible()));
      await check_page(page);
    }],
    ['sign-up makes a company and leads to the authenticator', async () => {
      await sign_up(page, email);
      await picture(page, shots, 'enrol');
      await check_page(page);
    }],
    ['the authenticator is proven and ten recovery codes are kept', async () => {
      authenticator = await enrol(page);
      const codes = page.getByTestId('recovery-codes').locator('li');
      expect_equal(await codes.count(), 10, 'recovery codes');
      expect_equal(new Set(await codes.allTextContents()).size, 10, 'different recovery codes');
      await check_page(page);
      await keep_recovery_codes(page);
    }],
    ['sign-out, a wrong password, and sign-in with a code', async () => {
      await page.getByTestId('user-menu').click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByTestId('sign-in-email').waitFor();
      await page.goto('/orders');
      await page.waitForURL(/\/sign-in/);
      await page.getByTestId('sign-in-email').fill(email);
      await page.getByTestId('sign-in-password').fill('Not-The-Password-1');
      await page.getByTestId('sign-in-submit').click();
      await page.locator('[data-testid=problem][data-code="account.sign_in_failed"]').waitFor();
      await sign_in(page, email, authenticator);
    }],
    ['a shop is connected with its own credentials', async () => {
      const own = await sim_credentials(context, sim_url, sim_token, 'NA');
      await page.goto('/shops/connect');
      await page.getByTestId('connect-name').fill('US-1');
      await page.getByTestId('connect-client-id').fill(own.client_id);
      await page.getByTestId('connect-client-secret').fill(`${own.client_secret}x`);
      await page.getByTestId('connect-refresh-token').fill(own.refresh_token);
      await page.getByText('Other endpoint').click();
      await page.getByTestId('connect-endpoint').fill(own.endpoint);
      await page.getByTestId('connect-submit').click();
      await page.locator('[data-testid=problem][data-code^="amazon."]').waitFor();
      await page.getByTestId('connect-client-secret').fill(own.client_secret);
      await page.getByTestId('connect-submit').click();
      await page.getByTestId('marketplaces').waitFor();
      await check_page(page);
      await page.getByTestId('marketplaces-save').click();
      await page.getByTestId('shop-page').waitFor();
      [shop] = (await get(context, '/shops')).items;
      expect_equal(shop.name, 'US-1', 'name of the shop');
    }],
    ['history comes in by report, sync runs, and the page says so', async () => {
      await page.goto(`/shops/${shop.id}`);
      await page.getByTestId('history').locator('.ant-picker').click();
      await page.getByText('Last 30 days').click();
      await page.getByTestId('history-start').click();
      await page.getByTestId('sync-run').click();
      await until('orders', async () => (await get(context, '/orders/count')).count > 20, 180);
      await until('the history to end', async () => (await get(context, `/shops/${shop.id}/sync`)).history.state === 'done', 240);
      await page.locator('[data-testid=history] [data-state=done]').first().waitFor();
      await page.locator('[data-testid=runs] [data-state=done]').first().waitFor();
      await picture(page, shots, 'sync');
      await check_page(page);
    }],
    ['the order list counts, finds by number, and opens an order whose money foots', async () => {
      await page.goto('/orders');
      const counter = page.getByTestId('order-count');
      await until('a count', async () => Number(await counter.getAttribute('data-count')) > 20);
      const first = page.getByTestId('order-link').first();
      const number = (await first.textContent())?.trim() ?? '';
      await page.getByTestId('find').fill(number);
      await until('one order', async () => (await counter.getAttribute('data-count')) === '1');
      await page.getByTestId('order-link').first().click();
      await page.getByTestId('order-page').waitFor();
      const order = await get(context, `/orders/${page.url().split('/').at(-1)}`);
      expect_equal(order.channel_order_id, number, 'number of the order');
      expect_equal(order.pii_state, 'not_fetched', 'state of buyer data');
      await check_page(page);
      await picture(page, shots, 'order');
    }],
    ['one order and one day are asked for again, and the page says what became of it', async () => {
      const [order] = (await get(context, '/orders?limit=1')).items;
      const used = async (operation) =>
        (await get(context, `/shops/${shop.id}/sync`)).quota.find((each) => each.operation === operation)?.used_24h ?? 0;
      const [orders, searches] = [await used('getOrder'), await used('searchOrders')];
      await page.goto(`/shops/${shop.id}`);
      await page.getByTestId('repull-number').fill(order.channel_order_id);
      await page.getByTestId('repull-order').click();
      await page.getByText('The order was asked for again').waitFor();
      await page.getByTestId('repull-day').click();
      await page.getByText('The day was asked for again').waitFor();
      await until('both to be asked', async () => (await used('getOrder')) > orders && (await used('searchOrders')) > searches);
    }],
    ['an order is held with a reason and released again', async () => {
      await page.goto('/orders?state=unshipped&fulfilled_by=merchant');
      await page.getByTestId('order-link').first().click();
      await page.getByTestId('order-page').waitFor();
      // A wait for a mapping may already hold it.
      if (await page.getByTestId('order-hold').isVisible()) {
        await page.getByTestId('order-hold').click();
        await page.getByTestId('hold-reason').fill('Customer asked to wait');
        await page.getByRole('dialog').getByRole('button', { name: 'Put on hold' }).click();
        await page.getByText('Customer asked to wait').first().waitFor();
        await page.getByTestId('order-release').click();
        await page.getByTestId('order-hold').waitFor();
      }
      await page.getByTestId('note-text').fill('Packed by the window');
      await page.getByTestId('note-add').click();
      await page.getByText('Packed by the window').first().waitFor();
    }],
    ['an unmapped SKU is mapped in the inbox, and its orders go on by themselves', async () => {
      await page.goto('/exceptions?kind=unmapped_sku');
      const open = await get(context, '/orders/exceptions/summary');
      exceptions_before = open.items.find((each) => each.kind === 'unmapped_sku')?.count ?? 0;
      expect(exceptions_before > 0, 'there is an unmapped SKU');
      await check_page(page);
      await picture(page, shots, 'exceptions');
      await page.getByTestId('exception-map').first().click();
      const title = await page.getByRole('dialog').locator('.ant-modal-title').textContent();
      seller_sku = /Which SKU is (.+)\?/.exec(title ?? '')?.[1] ?? '';
      expect(seller_sku !== '', 'the dialog names the seller SKU');
      await page.getByTestId('map-submit').click();
      await until('fewer exceptions', async () => {
        const now = (await get(context, '/orders/exceptions/summary')).items.find((each) => each.kind === 'unmapped_sku')?.count ?? 0;
        return now < exceptions_before;
      });
      const left = await get(context, `/orders/exceptions?kind=unmapped_sku&state=open&subject=${encodeURIComponent(seller_sku)}`);
      expect_equal(left.items.length, 0, `open exceptions of ${seller_sku}`);
    }],
    ['two parcels’ slips are printed as one document, and the address is shown while they are sent', async () => {
      await page.goto('/shipping');
      const waiting = page.getByTestId('table-to-release').locator('[data-row]');
      await waiting.nth(2).waitFor();
      for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
      await page.keyboard.press('r');
      await until('two releases', async () => (await get(context, '/shipments/counts')).released === 2);
      const parcels = (await get(context, '/shipments?state=released')).items;
      await until('both addresses', async () => {
        const held = await Promise.all(parcels.map((each) => get(context, `/shipments/${each.id}`)));
        return held.every((each) => each.pii_state === 'held');
      });
      await page.keyboard.press('2');
      await page.getByTestId('table-shipments-released').locator('[data-row]').nth(1).waitFor();
      for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
      await page.getByTestId('slip-bar').waitFor();
      await check_page(page);
      await picture(page, shots, 'shipping-slips');
      const [answer, tab] = await Promise.all([
        page.waitForResponse((reply) => reply.url().endsWith('/shipments/pack-slips')),
        page.waitForEvent('popup'),
        page.getByTestId('print-slips').click(),
      ]);
      expect_equal(answer.status(), 200, 'status of the slips');
      expect_equal(answer.headers()['content-type'], 'application/pdf', 'type of the slips');
      expect_equal(answer.headers()['cache-control'], 'no-store', 'keeping of the slips');
      await tab.close();
      const looks = await get(context, '/audit?act=vault.revealed&limit=10');
      expect_equal(looks.items.length, 2, 'rows in the audit');
      await page.getByTestId('table-shipments-released').locator('[data-row]').first().click();
      await page.getByTestId('recipient-show').click();
      await page.getByTestId('recipient-address').waitFor();
      expect((await page.getByTestId('recipient-address').textContent()).trim().length > 10, 'an address');
      await page.keyboard.press('Escape');
      for (const parcel of parcels) {
        await page.goto(`/orders/${parcel.order_id}`);
        await page.getByTestId('order-shipments').waitFor();
      }
    }],
    ['an order is released, packed, and confirmed to the marketplace by keyboard', async () => {
      await page.goto('/shipping');
      await page.getByTestId('table-to-release').locator('[data-row]').first().waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await page.getByTestId('release-bar').waitFor();
      await check_page(page);
      await picture(page, shots, 'shipping-release');
      await page.keyboard.press('r');
      await until('a release', async () => (await get(context, '/shipments/counts')).released === 3);
      await page.keyboard.press('2');
      await page.getByTestId('table-shipments-released').locator('[data-row]').first().waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByTestId('shipment-tracking').fill('1Z 999');
      await check_page(page);
      await page.keyboard.press('Enter');
      await page.getByText('without blanks').waitFor();
      await page.getByTestId('shipment-tracking').fill('1Z999AA10123456784');
      await picture(page, shots, 'shipping-dialog');
      await page.keyboard.press('Enter');
      await until('the marketplace to know', async () => (await get(context, '/shipments/counts')).shipped === 1);
      const [shipment] = (await get(context, '/shipments?state=shipped')).items;
      await until('the order to be shipped', async () => (await get(context, `/orders/${shipment.order_id}`)).state === 'shipped');
      // The next parcel is open already.
      await page.keyboard.press('Escape');
      await page.getByTestId('tab-shipped').click();
      await page.getByText('1Z999AA10123456784').waitFor();
      await picture(page, shots, 'shipping-shipped');
      await page.goto(`/orders/${shipment.order_id}`);
      await page.getByTestId('order-shipments').waitFor();
      await check_page(page);
      await picture(page, shots, 'order-shipments');
    }],
    ['the mapping stands in the list of mappings', async () => {
      await page.goto(`/mappings?q=${encodeURIComponent(seller_sku)}`);
      await page.getByText(seller_sku).first().waitFor();
      await check_page(page);
    }],
    ['the report adds up to its total and drills down to its orders', async () => {
      await page.goto('/reports?by=shop');
      const tile = page.getByTestId('report-sales');
      await until('sales', async () => Number(await tile.getAttribute('data-amount')) > 0);
      const table = page.getByTestId('report-table');
      await table.waitFor();
      const foot = await table.locator('tfoot [data-measure=sales] [data-amount]').getAttribute('data-amount');
      expect_equal(foot, await tile.getAttribute('data-amount'), 'foot of the table');
      await check_page(page);
      await picture(page, shots, 'report');
      const row = table.locator('tbody tr').first();
      const orders = (await row.locator('td').nth(1).textContent())?.replace(/\D/g, '');
      await row.locator('a').click();
      await page.getByTestId('orders-page').waitFor();
      await until(`the ${orders} orders behind the figure`, async () => (await page.getByTestId('order-count').getAttribute('data-count')) === orders);
    }],
    ['the home page shows the same day, and the palette finds an order', async () => {
      await page.goto('/');
      await page.getByTestId('figure-today').waitFor();
      await page.getByTestId('chart-sales').waitFor();
      await check_page(page);
      await picture(page, shots, 'home');
      const [order] = (await get(context, '/orders?limit=1')).items;
      await page.keyboard.press('Control+k');
      await page.getByTestId('palette-input').fill(order.channel_order_id);
      await page.getByRole('option', { name: order.channel_order_id }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(new RegExp(`/orders/${order.id}`));
    }],
    ['the export holds every order of the filter', async () => {
      await page.goto(`/orders?state=cancelled`);
      const counter = page.getByTestId('order-count');
      await until('a count', async () => (await counter.getAttribute('data-count')) !== null);
      const wanted = Number(await counter.getAttribute('data-count'));
      await page.getByTestId('export').click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-csv').click()]);
      const rows = csv_rows(await readFile(await download.path(), 'utf8'));
      const numbers = new Set(rows.slice(1).map((row) => row.find((cell) => /^\d{3}-\d{7}-\d{7}$/.test(cell))));
      expect_equal(numbers.size, wanted, 'orders in the export');
    }],
    ['an order that no marketplace reports is typed, added, and shipped by hand', async () => {
      await page.goto('/orders');
      await page.getByTestId('order-link').first().waitFor();
      await page.keyboard.press('n');
      await page.getByTestId('new-order-page').getByRole('link', { name: 'Add a shop' }).click();
      await page.getByTestId('file-shop-name').fill('Harbour fair');
      await page.getByTestId('file-shop-submit').click();
      await page.getByTestId('new-order-number').fill('FAIR-1');
      await page.getByTestId('draft-sku-0').locator('input').fill('NO-SUCH-WORD');
      await page.getByTestId('draft-quantity-0').fill('0');
      await page.getByTestId('new-order-submit').click();
      await page.getByText('A whole number from 1').waitFor();
      await page.getByTestId('draft-quantity-0').fill('3');
      await page.getByTestId('draft-price-0').fill('4.10');
      await until('the total', async () => (await page.getByTestId('new-order-total').getAttribute('data-amount')) === '12.30');
      await check_page(page);
      await picture(page, shots, 'new-order');
      await page.getByTestId('new-order-submit').click();
      await page.getByTestId('order-page').waitFor();
      const added = await get(context, `/orders/${page.url().split('/').at(-1)}`);
      expect_equal(added.channel_order_id, 'FAIR-1', 'number of the order');
      expect_equal(added.money.grand_total.amount, '12.30', 'total of the order');
      await page.getByTestId('order-ship').click();
      await page.getByTestId('ship-tracking').fill('BY-HAND-1');
      await page.getByRole('dialog').getByRole('button', { name: 'Mark as shipped' }).click();
      await page.getByTestId('order-deliver').waitFor();
      await check_page(page);
      await picture(page, shots, 'own-order');
      await page.goto('/orders/new');
      await page.getByTestId('new-order-number').fill('FAIR-1');
      await page.getByTestId('draft-sku-0').locator('input').fill('NO-SUCH-WORD');
      await page.getByTestId('draft-price-0').fill('1');
      await page.getByTestId('new-order-submit').click();
      await page.getByText('is taken already').waitFor();
      await picture(page, shots, 'new-order-refused');
      const storage = await context.storageState();
      const phone = await open_person(browser, base_url, { language: 'zh-CN', phone: true, storage });
      await phone.page.goto('/orders/new');
      await phone.page.getByTestId('new-order-page').waitFor();
      await phone.page.getByTestId('new-order-submit').waitFor();
      const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
      expect(!wide, 'the form is wider than the phone');
      await check_page(phone.page);
      await picture(phone.page, shots, 'phone-new-order');
      await phone.context.close();
    }],
    ['the audit holds the acts of this day', async () => {
      await page.goto('/audit');
      await page.getByTestId('table-audit').locator('[data-row]').first().waitFor();
      await check_page(page);
      const acts = new Set((await get(context, '/audit?limit=200')).items.map((each) => each.act));
      for (const part of ['sign_in', 'export', 'mapping']) {
        expect([...acts].some((act) => act.includes(part)), `an act of ${part} among ${[...acts].join(', ')}`);
      }
    }],
    ['every page opens in Chinese and dark, on a phone, without a serious fault', async () => {
      const storage = await context.storageState();
      const phone = await open_person(browser, base_url, { language: 'zh-CN', theme: 'dark', phone: true, storage });
      const places =
        '/ /orders /shipping /exceptions /mappings /skus /shops /imports /reports /reports/rates /orders/new /users /api-keys /audit /jobs /settings';
      for (const path of [...places.split(' '), `/shops/${shop.id}`]) {
        await phone.page.goto(path);
        await phone.page.locator('.page').first().waitFor();
        await phone.page.waitForLoadState('networkidle');
        const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
        expect(!wide, `${path} is wider than the phone`);
        expect((await phone.page.locator('[data-testid=problem], [data-testid=page-error]').count()) === 0, `${path} shows a problem`);
        await check_page(phone.page);
        await picture(phone.page, shots, `phone${path.replaceAll('/', '-')}`);
      }
      expect(phone.problems.length === 0, phone.problems.join('\n'));
      await phone.context.close();
    }],
    ['the browser had nothing to complain about', async () => expect(problems.length === 0, problems.join('\n'))],
  ];

  for (const [name, run] of steps) {
    const good = await report.step(name, run);
    if (!good) {
      await picture(page, shots ?? 'failed', `failed-${name.replace(/\W+/g, '-').slice(0, 40)}`);
      break;
    }
  }
  await context.close();
}
