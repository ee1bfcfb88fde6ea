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
  await page.locator('details[data-menu] > summary').last().click();
  await page.locator('form[action="/fn/sign_out"] button').click();
}
