// What people, broken programs and attackers send instead of what a form asks for: refused in words, nothing stored.

import type { Page } from '@playwright/test';
import { Marketplace } from './pages/marketplace';
import { OrderPage } from './pages/order';
import { OrderForm } from './pages/order_form';
import { Api } from './support/api';
import { fieldValues, errorAt, post } from './support/forms';
import { people, project } from './support/people';
import type { Server } from './support/server';
import { expect, test, Visitors } from './support/test';

const PLAIN = 'Kalevi general partition';
const WITH_DATE = 'Parallel programming clinic';

/** The member before the order form of an offering, with all that is required filled in. */
async function before(visitors: Visitors, offering: string, name: string, scripts = true): Promise<OrderForm> {
  const page = await visitors.person(people.member);
  await page.goto(`/marketplace?q=${encodeURIComponent(offering)}`);
  await new Marketplace(page).offering(offering).click();
  await page.getByTestId('order').first().click();
  const form = new OrderForm(page, scripts);
  await form.chooseProject(project.name);
  await form.fill({ name, accept_terms: true });
  return form;
}

/** Sends the form as it is but for these fields, and looks at the page that the answer leads to. */
async function sendForged(form: OrderForm, forged: Record<string, string>): Promise<void> {
  const fields = await fieldValues(form.form);
  for (const [name, value] of Object.entries(forged)) fields.set(name, value);
  const answer = await post(form.page, '/fn/place_order', fields);
  expect(answer.status(), 'a post is answered by a redirect').toBeGreaterThanOrEqual(302);
  expect(answer.status()).toBeLessThanOrEqual(303);
  await form.page.goto(answer.headers().location ?? '');
}

const ordersFor = (server: Server, name: string) => new Api(server, people.owner).ordersFor(name);

test('a double click orders once', async ({ server, visitors }) => {
  const form = await before(visitors, PLAIN, 'Clicked twice');
  await form.page.getByTestId('place-order').dblclick();
  await expect(form.page).toHaveURL(/\/orders\/[0-9a-f-]+/);
  expect(await ordersFor(server, 'Clicked twice')).toHaveLength(1);
});

test('a form that is sent twice, also at once, orders once', async ({ server, visitors }) => {
  const form = await before(visitors, PLAIN, 'Sent twice');
  const fields = await fieldValues(form.form);
  const answers = await Promise.all([1, 2, 3].map(() => post(form.page, '/fn/place_order', fields)));
  const places = new Set(answers.map((answer) => new URL(answer.headers().location ?? '', server.url).pathname));
  expect([...places], 'each answer leads to the one order').toEqual([expect.stringMatching(/^\/orders\//)]);
  expect(await ordersFor(server, 'Sent twice')).toHaveLength(1);
});

test('going back and forth orders nothing a second time', async ({ server, visitors }) => {
  const form = await before(visitors, PLAIN, 'There and back');
  await form.place();
  await expect(form.page).toHaveURL(/\/orders\/[0-9a-f-]+/);
  await form.page.goBack();
  await expect(form.page).toHaveURL(/\/order$/);
  await expect(form.page.getByTestId('place-order')).toBeVisible();
  await form.page.goForward();
  await expect(new OrderPage(form.page).state).toHaveText('Waiting for approval');
  await form.page.reload();
  expect(await ordersFor(server, 'There and back')).toHaveLength(1);
});

test('what was chosen before the scripts came is sent by a button once they are there', async ({ visitors }) => {
  const page = await visitors.visitor();
  let letCome = (): void => undefined;
  const held = new Promise<void>((resolve) => (letCome = resolve));
  await page.route(/\.wasm/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/marketplace/hpc', { waitUntil: 'domcontentloaded' });
  const box = page.locator('input[name="f.gpu"][value="a100"]');
  const group = page.locator('details.facet-group').filter({ has: box });
  if ((await group.getAttribute('open')) === null) await group.locator('summary').click();
  await box.check();
  letCome();
  await expect(page.locator('html')).toHaveAttribute('data-scripts', '');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/f\.gpu=a100/);
});

test('the back button leads through the filters of a list', async ({ visitors }) => {
  const page = await visitors.person(people.member);
  await page.goto('/orders');
  await page.getByRole('link', { name: 'Waiting' }).click();
  await page.getByRole('link', { name: 'Failed' }).click();
  await expect(page).toHaveURL(/state=erred/);
  await page.goBack();
  await expect(page).toHaveURL(/state=waiting/);
  await expect(page.getByRole('link', { name: 'Waiting' })).toHaveAttribute('aria-current', /page|true/);
});

const wrong: { what: string; offering?: string; forged: Record<string, string>; at: string; says: RegExp }[] = [
  { what: 'a limit above its range', forged: { 'limits.storage_tb': '100000' }, at: 'limits.storage_tb', says: /200/ },
  { what: 'a negative limit', forged: { 'limits.storage_tb': '-1' }, at: 'limits.storage_tb', says: /0|less|least|negative/i },
  { what: 'a limit that is no number', forged: { 'limits.storage_tb': 'NaN' }, at: 'limits.storage_tb', says: /number/i },
  { what: 'a limit without end', forged: { 'limits.storage_tb': '9'.repeat(400) }, at: 'limits.storage_tb', says: /number|200|large|digits/i },
  { what: 'a name of a million letters', forged: { name: 'x'.repeat(1_000_000) }, at: 'name', says: /characters|long/i },
  { what: 'no name', forged: { name: '   ' }, at: 'name', says: /name|required|fill|enter/i },
  { what: 'an unknown plan', forged: { plan: '0193a5f0-1111-7000-8000-000000000001' }, at: 'plan', says: /plan/i },
  { what: 'terms that were not accepted', forged: { accept_terms: '' }, at: 'accept_terms', says: /terms/i },
  { what: 'a day that does not exist', offering: WITH_DATE, forged: { 'attributes.preferred_date': '2026-02-30' }, at: 'attributes.preferred_date', says: /date|day/i },
  { what: 'an end that does not exist', forged: { end_date: '2027-13-01' }, at: 'end_date', says: /date|day/i },
];

for (const { what, offering, forged, at, says } of wrong) {
  test(`${what} is refused at its field`, async ({ server, visitors }) => {
    const name = `Wrong: ${what}`;
    const form = await before(visitors, offering ?? PLAIN, name);
    await sendForged(form, forged);
    await expect(form.page).toHaveURL(/\/order/);
    await expect(errorAt(form.page, at)).toContainText(says);
    await expect(form.page.getByRole('alert').getByRole('link').first()).toBeVisible();
    if (!('name' in forged)) await expect(form.form.locator('[name="name"]')).toHaveValue(name);
    expect(await ordersFor(server, name)).toEqual([]);
    expect(server.log).not.toContain('panicked');
  });
}

test('an order for somebody else’s project is refused as if the project did not exist', async ({ server, visitors }) => {
  const staff = new Api(server, people.staff);
  const foreign = (await staff.all<{ id: string; name: string }>('projects')).find((one) => /protein/i.test(one.name));
  expect(foreign, 'a project of another organization').toBeDefined();
  const count = (await staff.orders()).length;
  const form = await before(visitors, PLAIN, 'On their account');
  await sendForged(form, { project: foreign?.id ?? '' });
  const theirs = await form.page.getByRole('alert').first().innerText();
  await sendForged(form, { project: '0193a5f0-1111-7000-8000-000000000001' });
  expect(await form.page.getByRole('alert').first().innerText()).toBe(theirs);
  expect((await staff.orders()).length).toBe(count);
});

test('text that is no text is refused', async ({ server, visitors }) => {
  const form = await before(visitors, PLAIN, 'Broken');
  const body = (await fieldValues(form.form)).toString().replace('name=Broken', 'name=%ff%fe%00');
  const origin = server.url;
  const answer = await form.page.context().request.post(`${origin}/fn/place_order`, {
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    data: body,
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(400);
  expect(await answer.text()).toMatch(/UTF-8/);
});

test('a form of many megabytes is refused before it is read', async ({ visitors }) => {
  const form = await before(visitors, PLAIN, 'Heavy');
  const answer = await post(form.page, '/fn/place_order', { name: 'x'.repeat(3_000_000) });
  expect(answer.status()).toBe(413);
  expect(await answer.text()).toMatch(/too large/);
});

test('an order that was withdrawn meanwhile cannot be approved', async ({ server, visitors }) => {
  const form = await before(visitors, PLAIN, 'Second thoughts');
  await form.place();
  const order = new OrderPage(form.page);
  await expect(order.state).toHaveText('Waiting for approval');
  const owner = new OrderPage(await visitors.person(people.owner));
  await owner.open(order.id);
  await expect(owner.page.getByTestId('approve')).toBeVisible();
  await form.page.getByTestId('cancel-order').click();
  await form.page.getByRole('button', { name: 'Withdraw it' }).click();
  await expect(order.state).toHaveText('Withdrawn');

  const fields = { order: order.id, comment: 'Too late.' };
  const answer = await post(owner.page, '/fn/approve_order', fields);
  await owner.page.goto(answer.headers().location ?? '');
  await expect(owner.page.getByRole('alert')).toContainText(/withdrawn/);
  await expect(owner.state).toHaveText('Withdrawn');
  expect((await ordersFor(server, 'Second thoughts')).map((one) => one.state)).toEqual(['canceled']);
});

test('a page that was open when the order was withdrawn tells so by itself', async ({ visitors }) => {
  const form = await before(visitors, PLAIN, 'Watched');
  await form.place();
  const order = new OrderPage(form.page);
  await expect(order.state).toHaveText('Waiting for approval');
  const elsewhere = new OrderPage(await visitors.person(people.member));
  await elsewhere.open(order.id);
  await expect(elsewhere.page.getByTestId('cancel-order')).toBeVisible();
  await form.page.getByTestId('cancel-order').click();
  await form.page.getByRole('button', { name: 'Withdraw it' }).click();
  await expect(order.state).toHaveText('Withdrawn');
  await elsewhere.becomes('Withdrawn', 15_000);
  await expect(elsewhere.page.getByTestId('cancel-order')).toHaveCount(0);
});

test('addresses that lead nowhere say so, whoever asks', async ({ visitors }) => {
  const pages: Page[] = [await visitors.visitor(), await visitors.person(people.member)];
  const paths = ['/nowhere', '/offerings/no-such', '/marketplace/no-such', '/orders/not-an-id', '/orders/0193a5f0-1111-7000-8000-000000000001', '/invoices/%ff', '/marketplace?cursor=%00%ff'];
  for (const page of pages) {
    for (const path of paths) {
      const answer = await page.goto(path);
      expect(answer?.status(), path).toBeLessThan(500);
      await expect(page.locator('h1, [role=alert]').first(), path).toBeVisible();
    }
  }
});
