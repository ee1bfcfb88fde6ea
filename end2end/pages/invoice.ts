import { expect, Locator, Page } from '@playwright/test';
import { amount } from '../support/money';

export class InvoicePage {
  constructor(readonly page: Page) {}

  /** From the list of invoices, by month, provider and what kind of document it is. */
  async find(month: string, provider: string): Promise<void> {
    await this.page.goto(`/invoices?month=${month}`);
    const row = this.page.getByRole('row').filter({ hasText: provider });
    await row.getByRole('link').first().click();
    await expect(this.page).toHaveURL(/\/invoices\/[0-9a-f-]+/);
  }

  get id(): string {
    const id = /\/invoices\/([0-9a-f-]+)/.exec(this.page.url())?.[1];
    if (!id) throw new Error(`no invoice in ${this.page.url()}`);
    return id;
  }

  get lines(): Locator {
    return this.page.getByTestId('invoice-lines').locator('tbody tr');
  }

  /** The last cell of each line. */
  async amounts(): Promise<string[]> {
    const texts = await this.lines.locator('td:last-child').allInnerTexts();
    return texts.map(amount);
  }

  async total(): Promise<string> {
    return amount(await this.page.getByTestId('invoice-total').innerText());
  }

  /** Downloads the document to a file, once it is there. */
  async download(file: string): Promise<void> {
    const link = this.page.getByTestId('invoice-pdf');
    await expect(async () => {
      await this.page.reload();
      await expect(link).toBeVisible({ timeout: 300 });
    }).toPass({ timeout: 60_000 });
    const [download] = await Promise.all([this.page.waitForEvent('download'), link.click()]);
    await download.saveAs(file);
  }
}
