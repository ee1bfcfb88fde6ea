import { expect, Page } from '@playwright/test';
import { send } from '../support/forms';

/** Signs in and waits for the page behind. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await send(page, 'sign-in', { email, password });
  await expect(page, `${email} is signed in`).not.toHaveURL(/\/sign-in/);
}

/** Leaves the portal by the menu of the person. */
export async function signOut(page: Page): Promise<void> {
  const button = page.locator('form[action="/fn/sign_out"] button');
  await page.locator('details').filter({ has: button }).locator('summary').click();
  await button.click();
  await expect(page.locator('form[action="/fn/sign_out"]')).toHaveCount(0);
}
