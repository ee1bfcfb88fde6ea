import { Locator, Page } from '@playwright/test';

/** Staff's list of jobs. */
export class JobsPage {
  constructor(private readonly page: Page) {}

  async open(state = ''): Promise<void> {
    await this.page.goto(state === '' ? '/admin/jobs' : `/admin/jobs?state=${state}`);
  }

  get dead(): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByTestId('try-again') });
  }

  async tryAgain(): Promise<void> {
    await this.dead.first().getByTestId('try-again').click();
  }
}
