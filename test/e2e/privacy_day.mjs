// A buyer's data from the first look to the last: a clerk ships and sees an address only while shipping it, an agent sees none, the
// compliance officer erases the buyer, has the receipt, and opens the promise that was kept.
import { readFile } from 'node:fs/promises';
import { axe_faults, expect, expect_equal, open_person, picture, until } from './lib.mjs';
import { enrol, get, keep_recovery_codes, password, sign_up } from './people.mjs';

async function check_page(page) {
  const faults = await axe_faults(page);
  expect(faults.length === 0, `accessibility: ${faults.join('; ')}`);
}

/** A change by the API, with the page's own session. */
async function post(page, path, body) {
  const [status, answer] = await page.evaluate(
    async ([to, what]) => {
      const session = await (await fetch('/api/v1/session')).json();
      const headers = { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token };
      const reply = await fetch(`/api/v1${to}`, { method: 'POST', headers, body: JSON.stringify(what) });
      return [reply.status, await reply.json()];
    },
    [path, body],
  );
  expect(status < 300, `POST ${path}: ${status} ${JSON.stringify(answer)}`);
  return answer;
}

/** All that a browser keeps of a site, as one text. */
const kept_by_browser = (page) =>
  page.evaluate(async () => {
    const stores = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) stores.push(await (await cache.match(request)).text());
    }
    const databases = await indexedDB.databases();
    return [...stores, ...databases.map((each) => each.name)].join('\n');
  });

export async function privacy_day({ browser, base_url, sim_url, sim_token, shots, report }) {
  const owner = await open_person(browser, base_url);
  const stamp = Date.now();
  const people = {};
  let shop;
  let shipment;
  let address;
  let name;

  async function join_as(role, full_name) {
    const invitation = { email: `${role}-${stamp}@privacy-day.example`, name: full_name, roles: [{ role, shops: null }] };
    const { link_token } = await post(owner.page, '/users/invitations', invitation);
    const person = await open_person(browser, base_url);
    people[role] = person;
    await person.page.goto(`/invitation/${link_token}`);
    await person.page.getByTestId('invitation-password').fill(password);
    await person.page.getByTestId('invitation-submit').click();
    await enrol(person.page);
    await keep_recovery_codes(person.page);
  }

  const steps = [
    ['a company has a shop, a clerk, an agent and a compliance officer', async () => {
      await sign_up(owner.page, `owner-${stamp}@privacy-day.example`);
      await enrol(owner.page);
      await keep_recovery_codes(owner.page);
      const listed = await owner.context.request.get(`${sim_url}/admin/credentials`, { headers: { 'x-admin-token': sim_token } });
      const own = (await listed.json()).credentials.find((each) => each.region === 'EU');
      shop = await post(owner.page, '/shops/amazon', {
        name: 'DE-1',
        region: own.region,
        lwa_client_id: own.client_id,
        lwa_client_secret: own.client_secret,
        refresh_token: own.refresh_token,
        endpoint: own.endpoint,
      });
      await join_as('warehouse', 'Marek Nowak');
      await join_as('customer_service', 'Sofia Rossi');
      await join_as('compliance', 'Wu Fang');
      await until('orders to ship', async () => (await get(owner.context, '/shipments/counts')).to_release > 1, 180);
      expect_equal((await get(owner.context, `/orders?shop_id=${shop.id}&limit=1`)).items.length, 1, 'orders');
    }],
    ['the clerk releases two orders by keyboard and has their addresses', async () => {
      const { page, context } = people.warehouse;
      await page.goto('/shipping');
      await page.getByTestId('table-to-release').locator('[data-row]').nth(1).waitFor();
      for (const key of ['j', 'x', 'j', 'x', 'r']) await page.keyboard.press(key);
      await until('two releases', async () => (await get(context, '/shipments/counts')).released === 2);
      const [first] = (await get(context, '/shipments?state=released')).items;
      await until('its address', async () => (await get(context, `/shipments/${first.id}`)).pii_state === 'held');
      await page.keyboard.press('2');
      await page.getByTestId('table-shipments-released').locator('[data-row]').first().click();
      await page.getByTestId('recipient-show').click();
      address = (await page.getByTestId('recipient-address').locator('address > div').allTextContents()).map((line) => line.trim());
      [name] = address;
      expect(address.length >= 3 && name.length > 3, `an address: ${address.length} lines`);
      await check_page(page);
      await picture(page, shots, 'clerk-address');
    }],
    ['the browser keeps nothing of it, and hides it again', async () => {
      const { page } = people.warehouse;
      const kept = await kept_by_browser(page);
      for (const line of address.filter((each) => each.length >= 6)) expect(!kept.includes(line), 'a line of the address is kept by the browser');
      await page.getByTestId('recipient').getByRole('button').first().click();
      await page.getByTestId('recipient-show').waitFor();
      expect(!(await page.content()).includes(name), 'the name stands in the page still');
    }],
    ['the clerk ships it and goes on to the next parcel', async () => {
      const { page, context } = people.warehouse;
      await page.getByTestId('shipment-tracking').fill('1Z999AA10123456784');
      await page.keyboard.press('Enter');
      await until('one to be shipped', async () => (await get(context, '/shipments/counts')).shipped === 1);
      [shipment] = (await get(context, '/shipments?state=shipped')).items;
      await page.keyboard.press('Escape');
    }],
    ['who has no part in it sees no address: the agent by role, the clerk in the compliance officer’s room', async () => {
      const agent = people.customer_service;
      await agent.page.goto(`/orders/${shipment.order_id}`);
      await agent.page.getByTestId('order-page').waitFor();
      expect(!(await agent.page.content()).includes(name), 'the agent sees the name');
      const refused = await agent.context.request.post(`/api/v1/shipments/${shipment.id}/reveal`, { data: {} });
      expect_equal(refused.status(), 403, 'the agent’s look');
      await people.warehouse.page.goto('/buyer-requests');
      await people.warehouse.page.getByTestId('not-granted').waitFor();
      await people.warehouse.page.goto('/shipping');
    }],
    ['the agent finds the order of a buyer who names none, for a case, and sees nothing of the buyer', async () => {
      const { page } = people.customer_service;
      await page.goto('/buyers');
      await page.getByTestId('look-up-page').locator('#field').click();
      await page.locator('.ant-select-item-option', { hasText: 'Name' }).first().click();
      await page.getByTestId('look-up-value').fill(name);
      await page.getByTestId('look-up-case').fill('MSG-2026-77');
      await page.getByTestId('look-up-go').click();
      await page.getByTestId('looked-up-orders').locator(`a[href="/orders/${shipment.order_id}"]`).waitFor();
      await page.getByTestId('look-up-value').fill('');
      const rest = await page.content();
      for (const line of address.filter((each) => each.length >= 6)) expect(!rest.includes(line), 'a line of the address is on the page');
      await check_page(page);
      await picture(page, shots, 'agent-look-up');
      await page.goto('/orders');
    }],
    ['the compliance officer finds the buyer and enters what was asked', async () => {
      const { page } = people.compliance;
      await page.goto('/buyer-requests');
      await page.getByTestId('rights-search').locator('#field').click();
      await page.locator('.ant-select-item-option', { hasText: 'Name' }).first().click();
      await page.getByTestId('search-value').fill(name);
      await page.getByTestId('search-go').click();
      await page.getByTestId('found-orders').waitFor();
      await page.getByTestId(`found-${shipment.order_id}`).waitFor();
      await check_page(page);
      await picture(page, shots, 'buyer-found');
      await page.getByTestId('open-request').click();
      await page.getByTestId('open-dialog').waitFor();
      await picture(page, shots, 'buyer-request-dialog');
      await page.getByRole('dialog').locator('.ant-btn-primary').click();
      await page.getByTestId('rights-request').waitFor();
      await check_page(page);
    }],
    ['somebody makes sure that it is the buyer who asks; before, nothing is offered', async () => {
      const { page } = people.compliance;
      await page.locator('[data-testid=rights-request][data-state=verifying]').waitFor();
      expect(!(await page.getByTestId('carry-out').isVisible()), 'it is offered before anybody made sure who asks');
      await page.getByTestId('answer-text').waitFor();
      await page.getByTestId('verify').click();
      await page.getByTestId('verify-dialog').waitFor();
      await picture(page, shots, 'buyer-verify');
      await page.getByTestId('verify-sure').click();
      await page.locator('[data-testid=rights-request][data-state=open]').waitFor();
    }],
    ['the buyer is erased, after the page has said what that means, and a receipt proves it', async () => {
      const { page, context } = people.compliance;
      await page.getByTestId('carry-out').click();
      await page.getByTestId('consequences').waitFor();
      await picture(page, shots, 'buyer-consequences');
      await page.getByTestId('carry-out-sure').click();
      await page.locator('[data-testid=rights-request][data-state=done]').waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('receipt').click()]);
      const receipt = await readFile(await download.path(), 'utf8');
      expect(receipt.includes(shipment.order_id) && !receipt.includes(name), 'the receipt names the order and not the buyer');
      await check_page(page);
      await picture(page, shots, 'buyer-erased');
      await until('the order to say so', async () => (await get(context, `/orders/${shipment.order_id}`)).pii_state === 'erased');
    }],
    ['nobody finds or sees the buyer any more, and the page says why', async () => {
      const { page } = people.compliance;
      await page.goto('/buyer-requests');
      await page.getByTestId('rights-search').locator('#field').click();
      await page.locator('.ant-select-item-option', { hasText: 'Name' }).first().click();
      await page.getByTestId('search-value').fill(name);
      await page.getByTestId('search-go').click();
      await until('an answer', async () => (await page.getByTestId('open-empty').isVisible()) || (await page.getByTestId('found-orders').isVisible()));
      expect(!(await page.getByTestId(`found-${shipment.order_id}`).isVisible()), 'the erased order is found');
      const clerk = people.warehouse.page;
      await clerk.goto('/shipping?tab=shipped');
      await clerk.getByTestId('table-shipments-shipped').locator('[data-row]').first().click();
      await clerk.locator('[data-testid=recipient][data-state=erased]').waitFor();
      await picture(clerk, shots, 'clerk-erased');
    }],
    ['a promise is opened, with its words, its control and its proof', async () => {
      const { page } = people.compliance;
      await page.goto('/promises');
      await page.getByTestId('check-now').click();
      await page.getByTestId('state-green').first().waitFor();
      await check_page(page);
      await picture(page, shots, 'promises');
      const [kept] = (await get(people.compliance.context, '/compliance/promises?state=green')).items;
      await page.goto(`/promises?open=${kept.id}`);
      await page.getByTestId('promise').waitFor();
      await page.locator('[data-testid^=proof-]').first().waitFor();
      await check_page(page);
      await picture(page, shots, 'promise');
    }],
    ['every look stands in the trail with its purpose, and no name', async () => {
      const rows = (await get(owner.context, '/audit?act=vault.revealed&limit=50')).items;
      expect(rows.some((row) => row.object_id === shipment.order_id && row.actor.name === 'Marek Nowak'), 'the clerk’s look');
      expect(!JSON.stringify((await get(owner.context, '/audit?limit=200')).items).includes(name), 'a name in the trail');
    }],
    ['the browsers had nothing to complain about', async () => {
      const problems = [owner, ...Object.values(people)].flatMap((person) => person.problems);
      expect(problems.length === 0, problems.join('\n'));
    }],
  ];

  for (const [title, run_step] of steps) {
    const good = await report.step(title, run_step);
    if (!good) {
      for (const [role, person] of Object.entries({ owner, ...people }))
        await picture(person.page, shots ?? 'failed', `failed-${title.replace(/\W+/g, '-').slice(0, 30)}-${role}`);
      break;
    }
  }
  for (const person of [owner, ...Object.values(people)]) await person.context.close();
}
