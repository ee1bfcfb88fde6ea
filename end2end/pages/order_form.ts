import { expect, Locator, Page } from '@playwright/test';
import { Fields, fill, formWith } from '../support/forms';
import { amount } from '../support/money';

export class OrderForm {
  constructor(
    readonly page: Page,
    private readonly scripts: boolean,
    private readonly button = 'place-order',
  ) {}

  get form(): Locator {
    return formWith(this.page, this.button);
  }

  async fill(fields: Fields): Promise<void> {
    await fill(this.form, fields);
  }

  /** Chooses the project by its name, wherever the list has it. */
  async chooseProject(name: string): Promise<void> {
    const field = this.form.locator('select[name="project"]');
    await field.selectOption({ label: name }, { force: true });
  }

  async choosePlan(name: string): Promise<void> {
    const card = this.form.locator('label.option').filter({ has: this.page.locator('input[name="plan"]') }).filter({ hasText: name });
    await card.locator('input').check();
  }

  /** Changes amounts; with scripts the price follows by itself, without it is asked for. */
  async changeAmounts(fields: Fields): Promise<void> {
    await this.fill(fields);
    if (!this.scripts) await this.page.getByTestId('recalculate').click();
  }

  async expectQuote(quote: { first: string; month: string }): Promise<void> {
    await expect.poll(async () => amount(await this.text('quote-first')), 'the first invoice').toBe(quote.first);
    await expect.poll(async () => amount(await this.text('quote-month')), 'a full month').toBe(quote.month);
  }

  async text(id: string): Promise<string> {
    return this.page.getByTestId(id).first().innerText();
  }

  async place(): Promise<void> {
    await this.page.getByTestId(this.button).click();
  }
}
