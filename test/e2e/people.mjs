// What every run in the browser needs of people: to sign up, to sign in, and to ask the API with their session.
import { Authenticator, expect } from './lib.mjs';

export const password = 'Morning-Harbour-42x';

export async function get(context, path) {
  const answer = await context.request.get(`/api/v1${path}`);
  expect(answer.ok(), `GET ${path} answered ${answer.status()}: ${(await answer.text()).slice(0, 300)}`);
  return answer.json();
}

export async function sign_up(page, email) {
  const fill = (name, text) => page.getByTestId(`sign-up-${name}`).fill(text);
  await page.goto('/sign-up');
  await fill('legal-name', 'Harbour Goods Ltd');
  await fill('registration-number', '12345678');
  await fill('billing-email', email);
  await fill('address', '1 Quay Street, Boston');
  await fill('name', 'Lin Yue');
  await fill('title', 'Owner');
  await fill('email', email);
  await fill('phone', '+1 617 555 0100');
  await fill('password', password);
  await page.getByTestId('sign-up-terms').check();
  await page.getByTestId('sign-up-submit').click();
  await page.getByTestId('mfa-code').waitFor();
}

/** Answers the authenticator; the recovery codes are on screen afterwards. */
export async function enrol(page) {
  const authenticator = new Authenticator(await page.getByTestId('mfa-secret').getAttribute('data-secret'));
  await page.getByTestId('mfa-code').fill(await authenticator.code());
  await page.getByTestId('mfa-confirm').click();
  await page.getByTestId('recovery-codes').locator('li').first().waitFor();
  return authenticator;
}

export async function keep_recovery_codes(page) {
  await page.getByTestId('recovery-kept').check();
  await page.getByTestId('recovery-done').click();
  // Whose role has no figures is not led to the home page.
  await page.locator('.page').first().waitFor();
}

export async function sign_in(page, email, authenticator) {
  await page.goto('/sign-in');
  await page.getByTestId('sign-in-email').fill(email);
  await page.getByTestId('sign-in-password').fill(password);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('totp-code').fill(await authenticator.code());
  await page.getByTestId('totp-submit').click();
  await page.getByTestId('home-page').waitFor();
}

/** Rows of a CSV whose cells may be quoted; enough for our own files. */
export function csv_rows(text) {
  const rows = [[]];
  const pattern = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g;
  for (const found of text.replace(/^\ufeff/, '').matchAll(pattern)) {
    if (found[0] === '') break;
    rows.at(-1).push(found[1].startsWith('"') ? found[1].slice(1, -1).replace(/""/g, '"') : found[1]);
    if (found[2] !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
