// The steps in which a provider configures an offering, each with its own form.

import { expect, Locator, Page } from '@playwright/test';
import { Fields, fill, formWith, send } from '../support/forms';

export class OfferingWizard {
  private constructor(
    readonly page: Page,
    readonly id: string,
  ) {}

  /** From the start page to a new draft. */
  static async create(page: Page, name: string): Promise<OfferingWizard> {
    await page.goto('/');
    const link = page.locator('a[href^="/provider/"]').first();
    // The provider is one of the places that the switcher leads to.
    for (const folded of await link.locator('xpath=ancestor::details[not(@open)]').all()) await folded.locator('> summary').click();
    await link.click();
    await page.getByTestId('new-offering').first().click();
    await send(page, 'create-offering', { name });
    await expect(page).toHaveURL(/\/provider\/offerings\/[^/]+\/describe/);
    const id = /offerings\/([^/]+)\/describe/.exec(page.url())?.[1];
    if (!id) throw new Error(`no offering in ${page.url()}`);
    return new OfferingWizard(page, id);
  }

  async open(step: string): Promise<void> {
    await this.page.goto(`/provider/offerings/${this.id}/${step}`);
  }

  /** The category is stored first: its attributes are asked for afterwards. */
  async describe(fields: Fields, category: string, attributes: Fields): Promise<void> {
    await this.open('describe');
    await this.save('save-description', { ...fields, category });
    await this.open('describe');
    const named = Object.entries(attributes).map(([key, value]) => [`attributes.${key}`, value]);
    await this.save('save-description', Object.fromEntries(named) as Fields);
  }

  async addComponent(fields: Fields): Promise<void> {
    await this.open('components');
    await this.save('save-component', fields);
    await expect(this.page.getByRole('main')).toContainText(String(fields.name));
  }

  /** `prices` per unit, by the components' codes. */
  async addPlan(fields: Fields, prices: Record<string, string>): Promise<void> {
    await this.open('plans');
    const named = Object.entries(prices).map(([code, price]) => [`price.${code}`, price]);
    await this.save('save-plan', { ...fields, ...(Object.fromEntries(named) as Fields) });
    await expect(this.page.getByRole('main')).toContainText(String(fields.name));
  }

  async addField(fields: Fields): Promise<void> {
    await this.open('form');
    await this.save('add-field', fields);
    await expect(this.preview).toContainText(String(fields.label));
  }

  /** Picks an entry of the menu of a question. */
  async changeQuestion(label: string, entry: string): Promise<void> {
    await this.open('form');
    await this.page.locator('summary').filter({ hasText: `Actions for ${label}` }).click();
    await this.page.locator('details[open]').getByRole('button', { name: entry }).click();
  }

  /** The request form as buyers will see it. */
  get preview(): Locator {
    return this.page.getByTestId('form-preview');
  }

  async setTerms(terms: string): Promise<void> {
    await this.open('terms');
    await this.save('save-terms', { terms_of_service: terms });
  }

  /** Choosing a plugin shows its settings: at once with scripts, by a button without. */
  async choosePlugin(plugin: string): Promise<void> {
    await this.open('provisioning');
    await this.page.locator(`input[name="plugin"][value="${plugin}"]`).check();
    const button = this.page.getByTestId('choose-plugin');
    // Who is quicker than the scripts finds the button once they are there.
    await expect(async () => {
      if (await button.isVisible()) await button.click({ timeout: 2_000 });
      await expect(this.page.locator('[name^="settings."]').first()).toBeVisible({ timeout: 500 });
    }).toPass();
  }

  async setPlugin(settings: Fields): Promise<void> {
    const named = Object.entries(settings).map(([key, value]) => [`settings.${key}`, value]);
    await this.save('save-settings', Object.fromEntries(named) as Fields);
  }

  /** Asks for a test of the connection and waits for what it says; with scripts the page follows by itself. */
  async testConnection(scripts = true): Promise<Locator> {
    await this.open('provisioning');
    await this.page.getByTestId('test-connection').click();
    const result = this.page.getByTestId('connection-result');
    await expect(async () => {
      if (!scripts) await this.open('provisioning');
      await expect(result).toContainText(/connected|failed/i, { timeout: scripts ? 60_000 : 300 });
    }).toPass({ timeout: 90_000 });
    return result;
  }

  /** What is still missing before it can be published. */
  async readiness(): Promise<Locator> {
    await this.open('publish');
    return this.page.getByTestId('readiness').first();
  }

  async publish(): Promise<void> {
    await this.open('publish');
    await this.page.getByTestId('publish').click();
    await expect(this.page.getByTestId('offering-state')).toHaveText('Active');
  }

  private async save(button: string, fields: Fields): Promise<void> {
    await fill(formWith(this.page, button).first(), fields);
    await formWith(this.page, button).first().getByTestId(button).click();
    await expect(this.page.locator('[data-error-summary]'), `${button} is taken`).toHaveCount(0);
  }
}
