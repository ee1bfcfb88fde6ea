// Every page as each kind of person: nothing that keeps people out, no error in the console, nothing that sticks out on a phone. The
// pictures in target/screenshots are there to be looked at.

import type { Page } from '@playwright/test';
import { appearanceFaults, expectLandmarks } from './support/appearance';
import { Api } from './support/api';
import { people, provider } from './support/people';
import type { Server } from './support/server';
import { expect, test } from './support/test';

/** Name of the picture, and the address. */
type Pages = [string, string][];

async function visit(page: Page, pages: Pages): Promise<void> {
  const faults: string[] = [];
  for (const [name, address] of pages) {
    await test.step(`${name} ${address}`, async () => {
      const answer = await page.goto(address);
      if (answer?.status() !== 200) faults.push(`${name}: ${address} answers ${answer?.status()}`);
      else faults.push(...(await appearanceFaults(page, name)));
      // The page of the design system shows a page's head as one of its samples.
      await expectLandmarks(page, name === 'design' ? 2 : 1);
    });
  }
  expect(faults.join('\n')).toBe('');
}

const first = async (api: Api, path: string): Promise<string> => (await api.all<{ id: string }>(path))[0]?.id ?? 'none';

test.describe(() => {
  test.describe.configure({ timeout: 900_000 });

  test('pages of visitors', async ({ visitors }) => {
    await visit(await visitors.visitor(), [
      ['start-visitor', '/'],
      ['sign-in', '/sign-in'],
      ['marketplace-visitor', '/marketplace'],
      ['category', '/marketplace/hpc'],
      ['category-narrowed', '/marketplace/hpc?f.gpu=a100'],
      ['search', '/marketplace?q=object'],
      ['search-nothing', '/marketplace?q=zzzz'],
      ['offering-visitor', '/offerings/kalevi-a100-partition'],
      ['design', '/design'],
      ['api', '/api'],
    ]);
  });

  test('a page that is not there', async ({ visitors }) => {
    const page = await visitors.visitor();
    const answer = await page.goto('/nowhere');
    expect(answer?.status()).toBe(404);
    expect(await appearanceFaults(page, 'not-found')).toEqual([]);
  });

  test('pages of a member', async ({ server, visitors }) => {
    const api = new Api(server, people.member);
    const resource = await first(api, 'resources');
    await visit(await visitors.person(people.member), [
      ['start-member', '/'],
      ['order-form', '/offerings/kalevi-a100-partition/order'],
      ['orders', '/orders'],
      ['orders-none', '/orders?state=erred'],
      ['order', `/orders/${await first(api, 'orders')}`],
      ['resources', '/resources'],
      ['resource', `/resources/${resource}`],
      ['resource-limits', `/resources/${resource}/limits`],
      ['resource-plan', `/resources/${resource}/plan`],
      ['resource-end', `/resources/${resource}/terminate`],
      ['approvals-none', '/approvals'],
      ['project', `/projects/${await first(api, 'projects')}`],
      ['profile', '/profile'],
      ['profile-away', '/profile/away'],
      ['profile-tokens', '/profile/tokens'],
      ['profile-password', '/profile/password'],
    ]);
  });

  test('pages of an owner', async ({ server, visitors }) => {
    const api = new Api(server, people.owner);
    const project = await first(api, 'projects');
    const organization = await organizationNamed(api, /Põhjala/);
    const url = `https://hooks.example.org/${'long'.repeat(100)}`;
    const webhook = await api.post<{ id: string }>('webhooks', { scope: { kind: 'organization', id: organization }, url });
    const rule = await api.post<{ id: string }>('approval-rules', {
      scope: { kind: 'organization', id: organization },
      name: 'Two agree to what is dear',
      when: { commits_over: { amount: '1000000.00', currency: 'EUR' } },
      then: { action: 'ask', who: { asked: 'usual' }, count: 2 },
    });
    await visit(await visitors.person(people.owner), [
      ['start-owner', '/'],
      ['approvals', '/approvals'],
      ['order-to-approve', `/orders/${await waiting(api)}`],
      ['organization', `/organizations/${organization}`],
      ['organization-projects', `/organizations/${organization}/projects`],
      ['organization-team', `/organizations/${organization}/team`],
      ['organization-audit', `/organizations/${organization}/audit`],
      ['organization-settings', `/organizations/${organization}/settings`],
      ['organization-approval-rules', `/organizations/${organization}/approval-rules`],
      ['organization-approval-rule', `/organizations/${organization}/approval-rules/${rule.id}`],
      ['organization-webhooks', `/organizations/${organization}/webhooks`],
      ['organization-webhook', `/organizations/${organization}/webhooks/${webhook.id}`],
      ['project-owner', `/projects/${project}`],
      ['project-team', `/projects/${project}/team`],
      ['project-audit', `/projects/${project}/audit`],
      ['notices', '/notices'],
      ['notices-unread', '/notices?unread=true'],
      ['notice-settings', '/notices/settings'],
    ]);
  });

  test('pages of an accountant', async ({ server, visitors }) => {
    const api = new Api(server, people.accountant);
    const invoices = await api.all<{ id: string; state: string }>('invoices');
    const with_ = (state: string) => invoices.find((one) => one.state === state)?.id ?? 'none';
    await visit(await visitors.person(people.accountant), [
      ['start-accountant', '/'],
      ['invoices', '/invoices'],
      ['invoice', `/invoices/${with_('issued')}`],
      ['invoice-open', `/invoices/${with_('open')}`],
    ]);
  });

  test('pages of a provider', async ({ server, visitors }) => {
    const page = await visitors.person(people.provider);
    const own = await ownPages(server, page);
    await visit(page, own);
  });

  test('pages of staff', async ({ visitors }) => {
    await visit(await visitors.person(people.staff), [
      ['start-staff', '/'],
      ['admin-jobs', '/admin/jobs'],
      ['admin-jobs-dead', '/admin/jobs?state=dead'],
      ['admin-invoices', '/admin/invoices'],
      ['admin-organizations', '/admin/organizations'],
      ['admin-organizations-new', '/admin/organizations/new'],
      ['admin-users', '/admin/users'],
      ['admin-categories', '/admin/categories'],
      ['admin-audit', '/admin/audit'],
      ['admin-approval-rules', '/admin/approval-rules'],
      ['admin-webhooks', '/admin/webhooks'],
    ]);
  });
});

async function organizationNamed(api: Api, name: RegExp): Promise<string> {
  return (await api.all<{ id: string; name: string }>('organizations')).find((one) => name.test(one.name))?.id ?? 'none';
}

async function waiting(api: Api): Promise<string> {
  return (await api.orders()).find((order) => order.state === 'pending_consumer')?.id ?? 'none';
}

/** The provider's lists, and every step of one of its offerings. */
async function ownPages(server: Server, page: Page): Promise<Pages> {
  const api = new Api(server, people.provider);
  const home = await page.locator('a[href^="/provider/"]').first().getAttribute('href');
  const base = /^\/provider\/[^/?]+/.exec(home ?? '')?.[0] ?? '/provider/none';
  const offerings = await api.all<{ id: string; provider_name: string }>('offerings');
  const offering = offerings.find((one) => one.provider_name === provider.name)?.id ?? 'none';
  const order = (await api.orders())[0]?.id ?? 'none';
  const steps = ['describe', 'components', 'plans', 'form', 'terms', 'provisioning', 'publish'];
  return [
    ['start-provider', '/'],
    ['provider', base],
    ...['orders', 'resources', 'usage', 'invoices', 'audit', 'approval-rules', 'webhooks', 'new'].map((part): [string, string] => [`provider-${part}`, `${base}/${part}`]),
    ['provider-order', `${base}/orders/${order}`],
    ['offering-overview', `/provider/offerings/${offering}`],
    ...steps.map((step): [string, string] => [`offering-${step}`, `/provider/offerings/${offering}/${step}`]),
  ];
}
