// Who may come in, for how long, and from where.

import type { Page } from '@playwright/test';
import { signIn, signOut } from './pages/sign_in';
import { post, send } from './support/forms';
import { password, people } from './support/people';
import { Server } from './support/server';
import { expect, test } from './support/test';

const summary = (page: Page) => page.getByRole('alert');

async function attempt(page: Page, email: string, secret: string): Promise<string> {
  await page.goto('/sign-in');
  await send(page, 'sign-in', { email, password: secret });
  await expect(summary(page)).toBeVisible();
  return summary(page).innerText();
}

test('a wrong password and an unknown person get the same answer', async ({ visitors }) => {
  const page = await visitors.visitor();
  const wrong = await attempt(page, people.member.email, 'not-this-one');
  const unknown = await attempt(page, 'nobody@pohjala.example', 'not-this-one');
  expect(wrong).toBe(unknown);
  await expect(page.locator('input[name="email"]')).toHaveValue('nobody@pohjala.example');
  await expect(page.locator('input[name="password"]'), 'a password is never sent back').toHaveValue('');
  await signIn(page, people.member.email, password);
});

test('many wrong passwords make one wait, whatever is tried next', async ({ visitors }) => {
  const page = await visitors.visitor();
  for (let tries = 0; tries < 6; tries += 1) await attempt(page, people.member.email, 'not-this-one');
  const told = await attempt(page, people.member.email, password);
  expect(told).toMatch(/wait|again in|seconds/i);
  const other = await visitors.visitor();
  await signIn(other, people.colleague.email, password);
  await expect(async () => {
    await page.goto('/sign-in');
    await send(page, 'sign-in', { email: people.member.email, password });
    await expect(page).not.toHaveURL(/sign-in/, { timeout: 1_000 });
  }).toPass({ timeout: 60_000, intervals: [1_000] });
});

test('signing in leads on to where one wanted to go, and never out of the portal', async ({ visitors }) => {
  const page = await visitors.visitor();
  await page.goto('/orders?state=waiting');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await send(page, 'sign-in', { email: people.member.email, password });
  await expect(page).toHaveURL(/\/orders\?state=waiting$/);
  await signOut(page);
  await page.goto('/sign-in?next=%2F%2Fevil.example%2F');
  await send(page, 'sign-in', { email: people.member.email, password });
  await expect(page).toHaveURL((url) => url.pathname === '/');
  expect(new URL(page.url()).hostname).toBe('127.0.0.1');
});

test('signing out ends the session, also for a kept cookie', async ({ visitors, server }) => {
  const page = await visitors.person(people.member);
  const cookies = await page.context().cookies();
  await signOut(page);
  await page.goto('/orders');
  await expect(page).toHaveURL(/\/sign-in/);
  const kept = await visitors.visitor();
  await kept.context().addCookies(cookies.map(({ name, value }) => ({ name, value, url: server.url })));
  await kept.goto('/orders');
  await expect(kept).toHaveURL(/\/sign-in/);
});

test('a new password ends the sessions everywhere else', async ({ visitors }) => {
  const here = await visitors.person(people.colleague);
  const elsewhere = await visitors.person(people.colleague);
  const secret = 'korrekt-hobune-aku-klamber';
  await here.goto('/profile/password');
  await send(here, 'change-password', { current: 'not-this-one', password: secret, again: secret });
  await expect(summary(here)).toBeVisible();
  await here.goto('/profile/password');
  await send(here, 'change-password', { current: password, password: secret, again: secret });
  await expect(summary(here)).toHaveCount(0);
  await here.goto('/orders');
  await expect(here, 'here one stays').toHaveURL(/\/orders/);
  await elsewhere.goto('/orders');
  await expect(elsewhere, 'elsewhere one is out').toHaveURL(/\/sign-in/);
  await attempt(elsewhere, people.colleague.email, password);
  await signIn(elsewhere, people.colleague.email, secret);
});

test('a session ends after its hours', async ({ visitors, server }) => {
  const page = await visitors.person(people.member);
  await server.restart({ ahead: 11 * 3600 });
  await page.goto('/orders');
  await expect(page).toHaveURL(/\/orders/);
  await server.restart({ ahead: 48 * 3600 });
  await page.goto('/orders');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('the session’s cookie is out of reach of scripts, other sites and, behind TLS, of plain connections', async ({ visitors, server }) => {
  const page = await visitors.person(people.member);
  const own = (await page.context().cookies()).filter((cookie) => cookie.httpOnly);
  expect(own.map((cookie) => cookie.name).sort()).toEqual(['device', 'sid']);
  for (const cookie of own) expect(cookie).toMatchObject({ sameSite: 'Lax', secure: false });
  const readable = await page.evaluate(() => document.cookie);
  for (const cookie of own) expect(readable).not.toContain(cookie.value);

  await server.restart({ env: { STOA_PUBLIC_URL: 'https://portal.example.org' } });
  const answer = await fetch(`${server.url}/fn/sign_in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://portal.example.org' },
    body: new URLSearchParams({ email: people.member.email, password }),
  });
  expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax.*Secure|Secure.*HttpOnly|HttpOnly.*Secure/i);
});

test('a post from another site is refused', async ({ visitors, server }) => {
  const page = await visitors.person(people.member);
  const answers: number[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(`${server.url}/fn/`)) answers.push(response.status());
  });
  await page.route('http://evil.example/**', (route) => {
    const form = `<form method="post" action="${server.url}/fn/sign_out"><button>Win</button></form>`;
    return route.fulfill({ contentType: 'text/html', body: form });
  });
  await page.goto('http://evil.example/');
  await page.getByRole('button').click();
  await expect(page.locator('body')).toContainText('another site');
  expect(answers).toEqual([403]);
  await page.goto(`${server.url}/orders`);
  await expect(page, 'nobody was signed out').toHaveURL(/\/orders/);
  const forged = await post(page, '/fn/sign_out', {}, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
  expect(forged.status()).toBe(403);
});

test('nobody waits for what is not theirs: pages of staff are not there for others', async ({ visitors, server }) => {
  await expectRefused(server, await visitors.person(people.member), ['/admin/jobs', '/admin/users', '/admin/invoices']);
});

async function expectRefused(server: Server, page: Page, paths: string[]): Promise<void> {
  for (const path of paths) {
    const answer = await page.goto(`${server.url}${path}`);
    expect([403, 404], path).toContain(answer?.status());
    await expect(page.getByRole('main')).toBeVisible();
  }
}
