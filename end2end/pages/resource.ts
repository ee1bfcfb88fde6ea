import { expect, Locator, Page } from '@playwright/test';
import { Fields, send } from '../support/forms';
import { OrderForm } from './order_form';

export class ResourcePage {
  constructor(
    readonly page: Page,
    readonly id: string,
  ) {}

  async open(): Promise<void> {
    await this.page.goto(`/resources/${this.id}`);
  }

  get state(): Locator {
    return this.page.getByTestId('resource-state');
  }

  get usage(): Locator {
    return this.page.getByTestId('usage-chart');
  }

  get runningCost(): Locator {
    return this.page.getByTestId('running-cost');
  }

  /** Orders other limits, which cost what is expected; the order's page opens. */
  async changeLimits(limits: Fields, cost: { first: string; month: string }, scripts: boolean): Promise<void> {
    await this.open();
    await this.page.getByTestId('change-limits').click();
    const form = new OrderForm(this.page, scripts, 'place-change');
    await form.changeAmounts(limits);
    await form.expectQuote(cost);
    await form.place();
    await expect(this.page).toHaveURL(/\/orders\//);
  }

  get condition(): Locator {
    return this.page.getByTestId('resource-condition');
  }

  /** Asks for an action that says first what follows from it. */
  async act(action: string): Promise<void> {
    await this.open();
    await this.page.getByTestId(`action-${action}`).click();
    await this.page.getByTestId('ask-for-action').click();
    await expect(this.page).toHaveURL(new RegExp(`/resources/${this.id}`));
  }

  /** Orders the end; the order's page opens. */
  async terminate(reason: string): Promise<void> {
    await this.open();
    await this.page.getByTestId('terminate').click();
    await send(this.page, 'confirm-terminate', { reason });
    await expect(this.page).toHaveURL(/\/orders\//);
  }

  /** Reloads until the page says so. */
  async shows(look: () => Promise<void>, timeout = 90_000): Promise<void> {
    await expect(async () => {
      await this.open();
      await look();
    }).toPass({ timeout });
  }
}
