import { expect, Locator, Page } from '@playwright/test';
import { send } from '../support/forms';

export class OrderPage {
  constructor(
    readonly page: Page,
    private readonly scripts = true,
  ) {}

  async open(id: string): Promise<void> {
    await this.page.goto(`/orders/${id}`);
  }

  get id(): string {
    const id = /\/orders\/([0-9a-f-]+)/.exec(this.page.url())?.[1];
    if (!id) throw new Error(`no order in ${this.page.url()}`);
    return id;
  }

  get state(): Locator {
    return this.page.getByTestId('order-state');
  }

  get waiting(): Locator {
    return this.page.getByTestId('order-waiting');
  }

  /** Waits on the open page. With scripts it follows by itself; without, the person reloads it. */
  async becomes(state: string, timeout = 120_000): Promise<void> {
    if (this.scripts) {
      await expect(this.state).toHaveText(state, { timeout });
      return;
    }
    await expect(async () => {
      await this.page.reload();
      await expect(this.state).toHaveText(state, { timeout: 300 });
    }).toPass({ timeout });
  }

  async approve(comment: string): Promise<void> {
    await send(this.page, 'approve', { comment });
  }

  async openResource(): Promise<string> {
    await this.page.getByTestId('resource-link').click();
    await expect(this.page).toHaveURL(/\/resources\//);
    const id = /\/resources\/([0-9a-f-]+)/.exec(this.page.url())?.[1];
    if (!id) throw new Error(`no resource in ${this.page.url()}`);
    return id;
  }
}

/** Finds what waits in the queue by the resource's name, reads its cost and opens it. */
export async function openApproval(page: Page, name: string): Promise<{ order: OrderPage; row: string }> {
  await page.goto('/');
  await page.locator('a[href="/approvals"]').first().click();
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name }) });
  const text = await row.innerText();
  await row.getByRole('link', { name }).click();
  await expect(page).toHaveURL(/\/orders\//);
  return { order: new OrderPage(page), row: text };
}
