// A seller's second day: a file from another platform, views and tags, a colleague who sees one shop, a program with a key.
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { axe_faults, expect, expect_equal, open_person, picture, until } from './lib.mjs';
import { csv_rows, enrol, get, keep_recovery_codes, password, sign_in, sign_up } from './people.mjs';

/** As a Chinese platform exports it: GB18030, long numbers, thousands, names and telephones; one row is wrong. */
const good_rows = 30;
function platform_file() {
  const rows = ['订单编号,下单时间,收货人姓名,联系手机,商家编码,数量,单价'];
  for (let i = 0; i < good_rows; i += 1) {
    const day = `2026-03-${String(1 + (i % 28)).padStart(2, '0')}`;
    rows.push(`17900000000000${String(i).padStart(5, '0')},${day} 09:30:00,张三${i},1380000${1000 + i},CUP-${i % 3},2,"1,234.50"`);
  }
  rows.push('1790000000000099999,2026-03-05 10:00:00,李四,13900000000,CUP-1,很多,10.00');
  return execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: rows.join('\r\n') });
}

async function check_page(page) {
  const faults = await axe_faults(page);
  expect(faults.length === 0, `accessibility: ${faults.join('; ')}`);
}

async function add_file_shop(page, name) {
  await page.goto('/shops/connect?way=file');
  await page.getByTestId('file-shop-name').fill(name);
  await page.getByTestId('file-shop-submit').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/shops/connect'));
}

export async function second_day({ browser, base_url, shots, report }) {
  const { context, page, problems } = await open_person(browser, base_url);
  const stamp = Date.now();
  const email = `owner-${stamp}@second-day.example`;
  let owner_codes;
  let shops;
  let colleague;
  const count = async () => (await get(context, '/orders/count')).count;
  const upload = async () => {
    await page.goto('/imports');
    await page.getByTestId('import-new').click();
    await page.getByTestId('import-file').setInputFiles({ name: '订单.csv', mimeType: 'text/csv', buffer: platform_file() });
    await page.getByTestId('preview-table').waitFor();
  };
  const run = async () => {
    await page.getByTestId('import-run').click();
    await page.getByTestId('import-result').waitFor();
  };
  const counted = async (name) => Number(await page.getByTestId(`import-count-${name}`).getAttribute('data-count'));

  const steps = [
    ['a company begins, with two shops whose orders come in files', async () => {
      await sign_up(page, email);
      owner_codes = await enrol(page);
      await keep_recovery_codes(page);
      await add_file_shop(page, 'Harbour Tmall');
      await add_file_shop(page, 'Harbour fair');
      const listed = (await get(context, '/shops')).items;
      shops = Object.fromEntries(listed.map((shop) => [shop.name, shop]));
      expect_equal(Object.keys(shops).length, 2, 'shops');
    }],
    ['a file in GB18030 is shown as it will be read, with its columns found and its buyers left out', async () => {
      await upload();
      const table = page.getByTestId('preview-table');
      await table.getByText('订单编号').waitFor();
      await table.getByText('1790000000000000001').waitFor();
      await page.getByText('CUP-1').first().waitFor();
      await check_page(page);
      await picture(page, shots, 'import-columns');
      expect(await page.getByTestId('import-run').isEnabled(), 'every needed column was found');
    }],
    ['all or none: one wrong row, and nothing comes in', async () => {
      await page.getByText('All or none').or(page.locator('.ant-radio-wrapper').first()).first().click();
      await run();
      expect_equal(await count(), 0, 'orders');
      await page.getByTestId('import-errors').waitFor();
      await picture(page, shots, 'import-refused');
    }],
    ['wrong rows are skipped by choice, and a file says which and why', async () => {
      await upload();
      await page.locator('.ant-radio-wrapper').nth(1).click();
      await run();
      expect_equal(await counted('orders_created'), good_rows, 'orders created');
      expect_equal(await counted('skipped'), 1, 'rows skipped');
      expect_equal(await counted('dropped_pii_columns'), 2, 'columns of buyer data left out');
      expect_equal(await count(), good_rows, 'orders');
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('import-errors').click()]);
      const rows = csv_rows(await readFile(await download.path(), 'utf8'));
      expect_equal(rows[1].slice(0, 3).join(), `${good_rows + 2},数量,not_a_number`, 'row, column and fault');
      expect(!JSON.stringify(rows).includes('13900000000'), 'no telephone in the error file');
      await check_page(page);
      await picture(page, shots, 'import-result');
      const [order] = (await get(context, '/orders?q=1790000000000000007')).items;
      expect_equal(order.grand_total.amount, '2469.00', 'total with thousands read as written');
    }],
    ['the same file again says so and changes nothing', async () => {
      await upload();
      await page.getByText('has been imported', { exact: false }).or(page.locator('.notice.warn')).first().waitFor();
      await page.locator('.ant-radio-wrapper').nth(1).click();
      await run();
      expect_equal(await counted('orders_created'), 0, 'orders created');
      expect_equal(await counted('orders_changed'), 0, 'orders changed');
      expect_equal(await count(), good_rows, 'orders');
    }],
    ['picked orders get a tag; a view of that tag is kept, shared and found again', async () => {
      await page.goto('/orders');
      await page.getByTestId('order-link').nth(2).waitFor();
      for (const key of ['j', 'x', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
      await page.getByTestId('bulk-bar').waitFor();
      await page.getByTestId('bulk-bar').getByRole('button', { name: 'Add tag' }).click();
      await page.getByTestId('bulk-text').fill('gift-wrap');
      await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click();
      await until('three tagged orders', async () => (await get(context, '/orders/count?tag=gift-wrap')).count === 3);
      await page.goto('/orders?tag=gift-wrap');
      await until('three orders', async () => (await page.getByTestId('order-count').getAttribute('data-count')) === '3');
      await page.getByTestId('views').click();
      await page.getByRole('menuitem', { name: 'Save these filters' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('To wrap');
      await page.getByRole('dialog').getByRole('checkbox').check();
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByText('View saved').waitFor();
      await page.goto('/orders');
      await page.getByTestId('views').click();
      await page.getByRole('menuitem', { name: 'To wrap' }).click();
      await page.waitForURL(/tag=gift-wrap/);
      await picture(page, shots, 'saved-view');
    }],
    ['what cannot be done to the picked orders is said of each', async () => {
      await page.goto('/orders?tag=gift-wrap');
      await page.getByTestId('order-link').nth(2).waitFor();
      for (const key of ['j', 'x', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
      await page.getByTestId('bulk-hold').click();
      await page.getByTestId('bulk-text').fill('Ribbon is missing');
      await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click();
      // A table without states is a history: these orders are shipped.
      await page.locator('.ant-modal-confirm-title', { hasText: '0 done, 3 refused' }).waitFor();
      expect_equal(await page.getByRole('dialog').locator('li', { hasText: 'There is nothing left to hold' }).count(), 3, 'reasons');
      await picture(page, shots, 'bulk-hold');
    }],
    ['the same orders leave as a spreadsheet', async () => {
      await page.goto('/orders?tag=gift-wrap');
      await page.getByTestId('order-link').first().waitFor();
      await page.getByTestId('export').click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-xlsx').click()]);
      const file = await readFile(await download.path());
      expect_equal(file.subarray(0, 2).toString(), 'PK', 'start of the file');
      const sheet = execFileSync('unzip', ['-p', await download.path(), 'xl/worksheets/sheet1.xml'], { encoding: 'utf8', maxBuffer: 1 << 26 });
      expect((sheet.match(/<row /g) ?? []).length >= 4, 'a head and three orders');
    }],
    ['a colleague is invited for one shop and sees nothing of the other', async () => {
      await page.goto('/users');
      await page.getByTestId('invite').click();
      await page.getByTestId('invite-email').fill(`tom-${stamp}@second-day.example`);
      await page.getByTestId('invite-name').fill('Tom Becker');
      await page.getByTestId('role-grants').getByLabel('Shops').click();
      await page.locator('.ant-select-item-option', { hasText: 'Harbour fair' }).click();
      await page.keyboard.press('Escape');
      await page.getByTestId('invite-submit').click();
      const link = (await page.getByTestId('invitation-link').textContent()).trim();
      await picture(page, shots, 'invited');
      colleague = await open_person(browser, base_url);
      await colleague.page.goto(new URL(link).pathname);
      await colleague.page.getByTestId('invitation-password').fill(password);
      await colleague.page.getByTestId('invitation-submit').click();
      await enrol(colleague.page);
      await keep_recovery_codes(colleague.page);
      expect_equal((await get(colleague.context, '/orders/count')).count, 0, 'orders of the other shop');
      expect_equal((await get(colleague.context, '/shops')).items.map((shop) => shop.name).join(), 'Harbour fair', 'shops');
      await colleague.page.goto('/orders');
      await colleague.page.getByTestId('orders-page').waitFor();
      const [other] = (await get(context, '/orders?limit=1')).items;
      const hidden = await colleague.context.request.get(`/api/v1/orders/${other.id}`);
      expect_equal(hidden.status(), 404, 'an order of the other shop');
      await picture(colleague.page, shots, 'operator-orders');
    }],
    ['the colleague is disabled, and the next click leads to the door', async () => {
      const user = (await get(context, '/users')).items.find((each) => each.name === 'Tom Becker');
      await page.goto(`/users/${user.id}`);
      await page.getByTestId('user-disable').click();
      await page.getByRole('dialog').getByLabel('Reason').fill('Left the company');
      await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
      await until('the account to be disabled', async () => (await get(context, `/users/${user.id}`)).state === 'disabled', 10);
      const disabled_at = Date.now();
      await until('the session to be dead', async () => (await colleague.context.request.get('/api/v1/orders')).status() === 401, 5);
      expect(Date.now() - disabled_at < 1500, 'within a second');
      await colleague.page.goto('/orders');
      await colleague.page.waitForURL(/\/sign-in/);
      await colleague.context.close();
    }],
    ['a program gets a key for what it needs, and loses it', async () => {
      await page.goto('/api-keys');
      await page.getByRole('button', { name: 'New key' }).or(page.locator('.page button.ant-btn-primary')).first().click();
      await page.getByRole('dialog').getByRole('textbox').first().fill('Reporting');
      await page.getByRole('dialog').locator('#permissions').click();
      await page.locator('.ant-select-item-option', { hasText: 'See orders' }).or(page.locator('.ant-select-item-option').first()).first().click();
      await page.keyboard.press('Escape');
      await page.locator('.ant-drawer .ant-picker').click();
      await page.locator('.ant-picker-cell-in-view:not(.ant-picker-cell-disabled)').last().click();
      await page.getByRole('dialog').locator('button[type=submit]').click();
      const key = (await page.getByTestId('api-key').textContent()).trim();
      await picture(page, shots, 'api-key');
      const listed = (await get(context, '/api-keys')).items;
      expect_equal(listed.length, 1, 'keys');
      const program = await browser.newContext({ baseURL: base_url, ignoreHTTPSErrors: true, extraHTTPHeaders: { authorization: `Bearer ${key}` } });
      const [granted] = listed[0].permissions;
      expect_equal((await program.request.get('/api/v1/users')).status(), granted === 'users.read' ? 200 : 403, 'what the key may not');
      await page.keyboard.press('Escape');
      await page.goto('/api-keys');
      await page.locator('.plain-table button').first().click();
      await page.locator('.ant-popconfirm button.ant-btn-primary').click();
      await until('the key to be dead', async () => (await program.request.get('/api/v1/users')).status() === 401, 5);
      await program.close();
    }],
    ['the import is undone: its orders are gone but for those that somebody has worked on, and the page says so', async () => {
      const done = (await get(context, '/imports')).items.find((each) => each.counts.orders_created === good_rows);
      await page.goto(`/imports/${done.id}`);
      await page.getByTestId('import-undo').click();
      await page.locator('.ant-popconfirm button.ant-btn-dangerous').click();
      await until('the undo', async () => (await get(context, `/imports/${done.id}`)).state === 'undone');
      expect_equal(await count(), 3, 'orders that were tagged');
      await page.goto(`/imports/${done.id}`);
      await page.getByText('3 orders stay as they are now').waitFor();
      await check_page(page);
      await picture(page, shots, 'import-undone');
    }],
    ['the auditor finds what was refused, and who did what', async () => {
      await page.goto('/audit?object_kind=import');
      await page.getByTestId('table-audit').locator('[data-row]').first().waitFor();
      const acts = (await get(context, '/audit?limit=200')).items.map((each) => each.act);
      for (const part of ['import', 'invitation', 'disabled', 'api_key', 'export', 'tag']) {
        expect(acts.some((act) => act.includes(part)), `an act of ${part} among ${[...new Set(acts)].join(', ')}`);
      }
      await page.getByTestId('table-audit').locator('[data-row]').first().click();
      await page.getByText('SHA', { exact: false }).or(page.locator('.ant-drawer dl, .ant-drawer .facts')).first().waitFor();
      await picture(page, shots, 'audit-row');
    }],
    ['the owner signs out and in again, and looks at the rooms in Chinese', async () => {
      await context.clearCookies();
      await sign_in(page, email, owner_codes);
      await page.getByTestId('language-switch').first().click();
      await page.getByRole('menuitem', { name: '中文' }).click();
      await page.getByRole('link', { name: '订单' }).first().waitFor();
      await picture(page, shots, 'home-zh');
    }],
    ['the browser had nothing to complain about', async () => expect(problems.length === 0, problems.join('\n'))],
  ];

  for (const [name, run_step] of steps) {
    const good = await report.step(name, run_step);
    if (!good) {
      await picture(page, shots ?? 'failed', `failed-${name.replace(/\W+/g, '-').slice(0, 40)}`);
      break;
    }
  }
  await context.close();
}
