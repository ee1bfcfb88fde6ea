import { expect, Locator, Page } from '@playwright/test';

export class Marketplace {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto('/marketplace');
  }

  async enterCategory(slug: string): Promise<void> {
    await this.page.getByRole('main').locator(`a[href="/marketplace/${slug}"]`).first().click();
    await expect(this.page).toHaveURL(new RegExp(`/marketplace/${slug}`));
  }

  /** Ticks or unticks a value of a facet; the page narrows its list down. */
  async narrow(key: string, value: string, wanted = true): Promise<void> {
    const box = this.page.locator(`input[name="f.${key}"][value="${value}"]`);
    const group = this.page.locator('details.facet-group').filter({ has: box });
    if ((await group.getAttribute('open')) === null) await group.locator('summary').click();
    const parameter = `f.${key}=${value}`;
    // With scripts the form sends itself at once, and the box is gone before its new state can be looked at.
    await box.click();
    const button = this.page.getByRole('button', { name: 'Apply' });
    // Who is quicker than the scripts finds the button once they are there.
    await expect(async () => {
      if (await button.isVisible()) await button.click({ timeout: 2_000 });
      await expect.poll(() => this.page.url().includes(parameter), { timeout: 500 }).toBe(wanted);
    }).toPass();
  }

  async search(words: string): Promise<void> {
    const field = this.page.getByRole('main').locator('input[name="q"]').first();
    await field.fill(words);
    await field.press('Enter');
    await expect.poll(() => new URL(this.page.url()).searchParams.get('q')).toBe(words);
  }

  offering(name: string): Locator {
    return this.page.getByRole('main').locator('a[href^="/offerings/"]').filter({ hasText: name });
  }
}
