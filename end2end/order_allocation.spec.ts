// The main journey: from an empty form of a provider to the PDF of an invoice, on a real SLURM, with scripts and without.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { InvoicePage } from './pages/invoice';
import { Marketplace } from './pages/marketplace';
import { OfferingWizard } from './pages/offering_wizard';
import { openApproval, OrderPage } from './pages/order';
import { OrderForm } from './pages/order_form';
import { ResourcePage } from './pages/resource';
import { allocation, attributes, components, description, plans, questions, removeAllocations, terms } from './support/allocation';
import { Api, assignCluster, InvoiceDocument, Usage } from './support/api';
import { errorAt, fill, post, send, valueOf } from './support/forms';
import { amount, grouped, sum } from './support/money';
import { pdfPictures, pdfText } from './support/pdf';
import { output } from './support/environment';
import { organization, people, project, provider } from './support/people';
import { divided, euros, expectedQuote } from './support/quote';
import * as slurm from './support/slurm';
import { Server } from './support/server';
import { expect, test } from './support/test';
import { day, thisMonth, untilNextMonth } from './support/time';

let unlockCluster: (() => void) | undefined;
test.beforeAll(async () => {
  // Others may have the cluster.
  test.setTimeout(900_000);
  unlockCluster = await slurm.lockCluster();
});
test.afterAll(() => {
  removeAllocations();
  unlockCluster?.();
});

for (const scripts of [true, false]) {
  test.describe(scripts ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled: scripts, serverOptions: { env: { STOA_USAGE_SECONDS: '3' } } });

    test(`an order becomes an allocation, metered and invoiced, ${scripts ? 'with' : 'without'} scripts`, async ({ server, visitors }) => {
      test.setTimeout(900_000);
      const offer = allocation('HPC allocation');
      const name = 'Ice model runs, õ';
      const month = thisMonth();
      const member = await visitors.person(people.member);
      const owner = await visitors.person(people.owner);
      const order = new OrderPage(member, scripts);
      const api = new Api(server, people.owner);

      await test.step('the provider configures the offering in forms and publishes it', async () => {
        // One that is assigned and is not there: what is not assigned is not even tried.
        await assignCluster(new Api(server, people.staff), provider.slug, 'nowhere');
        await configure(await visitors.person(people.provider), offer, scripts);
      });
      await test.step('the member finds it', () => find(member, offer.name));
      await test.step('the member sees the price change, is told of a wrong field, and orders', () => {
        return placeOrder(member, scripts, name, api);
      });
      await test.step('the order waits, and the member cannot approve it', () => waitsForOwner(order));
      await test.step('the bell tells the owner, and leads to the order', () => told(owner, name));
      await test.step('the owner approves it', () => approve(owner, name, `€${grouped(expectedQuote(600, 2).net)}`));
      await test.step('a worker provisions it, and the order’s page follows', () => order.becomes('Done'));

      const resource = new ResourcePage(member, await order.openResource());
      const account = await test.step('SLURM shows the account, its place, its limit and its members', () => provisioned(offer.prefix));
      await expect(member.getByRole('main')).toContainText(account);

      const seconds = await test.step('a member’s job runs, its usage and cost are shown', () => compute(account, resource, api));

      await test.step('it is paused, a running job is held, and resumed', () => pause(account, new ResourcePage(owner, resource.id)));

      await test.step('a higher limit is asked for, approved, and set', async () => {
        // The hours beyond those that are paid for already are what comes on top; storage costs a month what it did.
        const cost = { first: expectedQuote(200, 0).first, month: expectedQuote(0, 2).month };
        await resource.changeLimits({ 'limits.cpu_hours': '800' }, cost, scripts);
        await approve(owner, name, '€');
        await order.becomes('Done');
        expect(slurm.allocations(offer.prefix).map((one) => one.minutes)).toEqual(['cpu=48000']);
      });
      await test.step('the end is asked for, approved, and the account is gone', async () => {
        await resource.terminate('The project has ended.');
        await approve(owner, name, '€');
        await order.becomes('Done');
        expect(slurm.associations(offer.prefix)).toEqual([]);
        await resource.open();
        await expect(resource.state).toHaveText('Terminated');
      });

      await test.step('the month is closed in the next month', async () => {
        await visitors.closeAll();
        await server.restart({ ahead: untilNextMonth() });
        const staff = await visitors.person(people.staff);
        await staff.goto('/admin/invoices');
        await send(staff, 'close-month', { month });
        await expect(staff.getByRole('main')).toContainText(/issued|closed/i);
      });
      await test.step('the accountant gets the invoice, whose figures are the same everywhere', async () => {
        await invoice(await visitors.person(people.accountant), server, month, name, seconds, scripts);
      });
      expect(server.faults(), 'stoa verify').toBe('');
    });
  });
}

async function pause(account: string, resource: ResourcePage): Promise<void> {
  const running = slurm.submit(people.member.username, account, '-n 1 -t 10', 'sleep 300');
  await expect.poll(() => slurm.queued(running), { timeout: 60_000 }).toBe('RUNNING');
  await resource.act('pause');
  await resource.shows(() => expect(resource.condition).toHaveText('Paused'));
  expect(slurm.mostJobs(account), 'sacctmgr').toBe('0');
  expect(slurm.queued(running), 'squeue').toBe('SUSPENDED');
  const waiting = slurm.submit(people.member.username, account, '-n 1 -t 10', 'sleep 1');
  await expect(resource.page.getByTestId('action-pause'), 'what is not possible now is not offered').toHaveCount(0);
  await resource.page.getByTestId('list-parts').click();
  await resource.shows(() => expect(resource.page.getByRole('table', { name: 'Jobs', exact: true })).toContainText(waiting));
  expect(slurm.queued(waiting), 'a new job waits').toBe('PENDING');
  await resource.act('resume');
  await resource.shows(() => expect(resource.condition).toHaveText('Open for jobs'));
  expect(slurm.mostJobs(account)).toBe('');
  expect(slurm.queued(running)).toBe('RUNNING');
  const jobs = resource.page.getByRole('table', { name: 'Jobs', exact: true });
  await jobs.getByRole('row').filter({ hasText: running }).getByRole('link', { name: /Cancel/ }).click();
  await resource.page.getByTestId('ask-for-action').click();
  await expect.poll(() => slurm.queued(running), { timeout: 60_000 }).not.toMatch(/RUNNING|SUSPENDED/);
}

async function configure(page: Page, offer: { name: string; prefix: string }, scripts: boolean): Promise<void> {
  const wizard = await OfferingWizard.create(page, offer.name);
  await expect(await wizard.readiness(), 'much is missing still').toContainText(/describe it/i);
  await wizard.describe({ summary: 'Computing time on the cluster.', description }, 'hpc', attributes);
  for (const component of components) await wizard.addComponent(component);
  for (const plan of plans) await wizard.addPlan(plan.fields, plan.prices);
  for (const question of questions) await wizard.addField(question);
  for (const question of questions) await expect(wizard.preview).toContainText(String(question.label));
  const labels = questions.map((question) => String(question.label));
  await wizard.addField({ key: 'surplus', label: 'Too much', type: 'string' });
  await wizard.changeQuestion('Too much', 'Remove');
  await expect(wizard.preview).not.toContainText('Too much');
  await wizard.changeQuestion('Login shell', 'Move up');
  await expect.poll(async () => inOrder(await wizard.preview.innerText(), labels)).toEqual([labels[1], labels[0], ...labels.slice(2)]);
  await wizard.setTerms(terms);
  await wizard.choosePlugin('slurm');
  await wizard.setPlugin({ cluster: 'nowhere', account_prefix: offer.prefix });
  await expect(await wizard.testConnection(scripts), 'a wrong name is found out').toContainText(/nowhere/);
  await wizard.setPlugin({ cluster: slurm.cluster() });
  await expect(await wizard.testConnection(scripts)).toContainText('Connected');
  await wizard.publish();
}

/** The labels as they follow one another in a text. */
function inOrder(text: string, labels: string[]): string[] {
  return [...labels].sort((one, other) => text.indexOf(one) - text.indexOf(other));
}

async function find(page: Page, name: string): Promise<void> {
  const marketplace = new Marketplace(page);
  await marketplace.open();
  await marketplace.enterCategory('hpc');
  await marketplace.narrow('gpu', 'a100');
  await expect(marketplace.offering(name)).toBeVisible();
  await expect(marketplace.offering('Kalevi H100 partition')).toHaveCount(0);
  await marketplace.narrow('gpu', 'a100', false);
  await marketplace.search('allocation');
  await expect(marketplace.offering('Kalevi general partition')).toHaveCount(0);
  await marketplace.offering(name).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(page.getByRole('main').locator('strong', { hasText: 'GPU time' }), 'Markdown is drawn').toBeVisible();
  await page.getByTestId('order').first().click();
}

async function placeOrder(page: Page, scripts: boolean, name: string, api: Api): Promise<void> {
  const form = new OrderForm(page, scripts);
  await form.chooseProject(project.name);
  await form.choosePlan('Commercial');
  await form.choosePlan('Academic');
  // A mark that a reload would wipe away: with scripts the price changes on the page as it is.
  if (scripts) await page.evaluate(() => document.documentElement.setAttribute('data-here', ''));
  await form.changeAmounts({ 'limits.cpu_hours': '500', 'limits.storage_tb_months': '2' });
  await form.expectQuote(expectedQuote(500, 2));
  await form.changeAmounts({ 'limits.cpu_hours': '600' });
  await form.expectQuote(expectedQuote(600, 2));
  if (scripts) await expect(page.locator('html')).toHaveAttribute('data-here', '');

  const answers = {
    name,
    'attributes.purpose': 'Drift of the ice.\nTwo seasons.',
    'attributes.shell': 'zsh',
    'attributes.cores': '4096',
    'attributes.first_day': day(1),
    'attributes.personal_data': true,
    accept_terms: true,
  };
  await form.fill(answers);
  await form.place();
  await expect(errorAt(page, 'attributes.cores')).toContainText('128');
  await expect(page.getByRole('alert').filter({ hasText: '128' }).getByRole('link')).toHaveAttribute('href', '#f-attributes.cores');
  const kept = { ...answers, 'limits.cpu_hours': '600', 'limits.storage_tb_months': '2' };
  for (const [field, value] of Object.entries(kept)) {
    expect(await valueOf(form.form, field), `what was typed into ${field} is kept`).toBe(value);
  }
  expect(await api.ordersFor(name), 'nothing is stored').toEqual([]);

  await fill(form.form, { 'attributes.cores': '64' });
  await form.place();
  await expect(page).toHaveURL(/\/orders\/[0-9a-f-]+$/);
}

// A worker reads the log for all people; whoever looks meanwhile looks again.
async function told(owner: Page, name: string): Promise<void> {
  const bell = owner.getByTestId('bell');
  const row = owner.getByRole('row', { name: new RegExp(name) });
  await expect(async () => {
    await owner.goto('/');
    await bell.click();
    await expect(row).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await expect(bell).toHaveAccessibleName(/not read/);
  await row.getByRole('button', { name: `${name}: waits for your decision`, exact: true }).click();
  await expect(owner).toHaveURL(/\/orders\//);
  await expect(owner.getByRole('main')).toContainText(name);
  await bell.click();
  await expect(row.getByRole('link')).toBeVisible();
}

async function waitsForOwner(order: OrderPage): Promise<void> {
  await expect(order.state).toHaveText('Waiting for approval');
  // The people who can decide, by name.
  await expect(order.waiting).toContainText(people.owner.name);
  await expect(order.page.getByTestId('approve')).toHaveCount(0);
  await post(order.page, '/fn/approve_order', { order: order.id, comment: 'By myself.' });
  await order.page.reload();
  await expect(order.state).toHaveText('Waiting for approval');
}

async function approve(owner: Page, name: string, cost: string): Promise<void> {
  const { order, row } = await openApproval(owner, name);
  expect(row, 'what it costs').toContain(cost);
  await order.approve('Agreed in the council.');
  await expect(order.page.getByRole('main')).toContainText('Agreed in the council.');
}

/** The name of the account, which is the only one, below the project's below the organization's. */
async function provisioned(prefix: string): Promise<string> {
  const [found, ...others] = slurm.allocations(prefix);
  expect(others).toEqual([]);
  expect(found?.parent).toBe(`${prefix}_${organization.slug}_${project.slug}`);
  expect(found?.minutes).toBe('cpu=36000');
  const all = slurm.associations(prefix);
  const members = all.filter((one) => one.name === found?.name && one.user !== '').map((one) => one.user);
  expect(members.sort()).toEqual(expect.arrayContaining([people.member.username, people.colleague.username]));
  expect(all.find((one) => one.name === found?.parent && one.user === '')?.parent).toBe(`${prefix}_${organization.slug}`);
  return found?.name ?? '';
}

/** Runs a job on two GPUs; for how many seconds they were taken. */
async function compute(account: string, resource: ResourcePage, api: Api): Promise<number> {
  const number = slurm.submit(people.member.username, account, '-n4 --gres=gpu:2 -t1', 'sleep 11');
  await expect.poll(() => slurm.job(number).state, { timeout: 180_000 }).toBe('COMPLETED');
  const job = slurm.job(number);
  const seconds = job.seconds * 2;
  expect(job.resources).toContain('gres/gpu=2');
  await expect(async () => {
    const usage = await api.get<Usage[]>(`resources/${resource.id}/usage`);
    const gpus = usage.find((one) => one.component === 'gpu_hours');
    expect(Number(gpus?.total)).toBeCloseTo(seconds / 3600, 6);
    expect(gpus?.users.map((one) => one.username)).toEqual([people.member.username]);
  }).toPass({ timeout: 120_000 });
  await resource.open();
  await expect(resource.usage.locator('svg').first()).toBeVisible();
  await expect(resource.usage.locator('table').first()).toBeAttached();
  await expect(resource.usage).toContainText('GPU-hours');
  const lines = await resource.page.getByRole('table', { name: /cost of this month/i }).locator('tbody td:last-child').allInnerTexts();
  expect(lines.map(amount)).toContain(usageCost(seconds));
  expect(amount(await resource.runningCost.innerText())).toBe(sum(lines));
  return seconds;
}

/** At 3.60 an hour a tenth of a cent a second, rounded to cents. */
function usageCost(seconds: number): string {
  return euros(divided(seconds, 10));
}

async function invoice(page: Page, server: Server, month: string, name: string, seconds: number, scripts: boolean): Promise<void> {
  const shown = new InvoicePage(page);
  await shown.find(month, provider.name);
  const api = new Api(server, people.accountant);
  const document = await api.get<InvoiceDocument>(`invoices/${shown.id}`);
  const own = document.lines.filter((line) => line.resource_name === name);
  expect(own.map((line) => amount(line.amount.amount)), 'the use of the GPUs is on it').toContain(usageCost(seconds));
  expect(await shown.amounts(), 'page and API').toEqual(document.lines.map((line) => amount(line.amount.amount)));
  expect(await shown.total()).toBe(amount(document.total.amount));
  expect(sum(document.lines.map((line) => line.amount.amount))).toBe(amount(document.net.amount));
  expect(sum([document.net.amount, document.tax.amount])).toBe(amount(document.total.amount));
  await expect(shown.lines.filter({ hasText: name }).first(), 'how the amount came about').toContainText('×');

  const folder = mkdtempSync(path.join(tmpdir(), 'stoa-invoice-'));
  const file = path.join(folder, 'invoice.pdf');
  await shown.download(file);
  const text = pdfText(file);
  if (scripts) pdfPictures(file, path.join(output('screenshots'), 'invoice-pdf'));
  rmSync(folder, { recursive: true });
  for (const part of [document.number ?? 'a number', organization.legalName, provider.legalName, name]) expect(text).toContain(part);
  expect(text).toMatch(/Page 1/i);
  for (const line of document.lines) {
    const word = line.description.split(' ')[0] ?? '';
    const printed = text.split('\n').filter((row) => row.includes(word) && row.trimEnd().endsWith(grouped(line.amount.amount)));
    expect(printed.length, `${line.description} ${line.amount.amount} is printed`).toBeGreaterThan(0);
  }
  const last = (label: RegExp) => text.split('\n').filter((row) => label.test(row)).pop() ?? '';
  expect(last(/^\s*Net\b/)).toContain(grouped(document.net.amount));
  expect(last(/^\s*Total\b/)).toContain(grouped(document.total.amount));
}
