// Filling and sending forms by the names of their fields, with and without scripts.

import { APIResponse, Locator, Page } from '@playwright/test';

export type Value = string | boolean;
export type Fields = Record<string, Value>;

/** The form that has the button with this test id. */
export function formWith(page: Page, button: string): Locator {
  return page.locator('form').filter({ has: page.getByTestId(button) });
}

/** Fills the fields of the form in the order given. */
export async function fill(form: Locator, fields: Fields): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await fillOne(form, name, value);
}

/** Fills the form that has the button, and clicks it. */
export async function send(page: Page, button: string, fields: Fields = {}): Promise<void> {
  const form = formWith(page, button).first();
  await fill(form, fields);
  await form.getByTestId(button).click();
}

async function fillOne(form: Locator, name: string, value: Value): Promise<void> {
  const all = form.locator(`[name="${name}"]:not([type=hidden])`);
  const first = all.first();
  // What is seldom needed is folded away: it is opened as a person does.
  for (const folded of await first.locator('xpath=ancestor::details[not(@open)]').all()) await folded.locator('> summary').click();
  const kind = await first.evaluate((field) => (field instanceof HTMLInputElement ? field.type : field.tagName.toLowerCase()));
  if (typeof value === 'boolean') {
    await first.setChecked(value);
  } else if (kind === 'select') {
    // A long list may hide its select under a text field.
    await first.selectOption(value, { force: true });
  } else if (kind === 'radio' || kind === 'checkbox') {
    await form.locator(`[name="${name}"][value="${value}"]`).check();
  } else {
    await first.fill(value);
  }
}

/** What stands in a field now. */
export async function valueOf(form: Locator, name: string): Promise<Value> {
  const all = form.locator(`[name="${name}"]:not([type=hidden])`);
  return all.evaluateAll((fields) => {
    const first = fields[0];
    if (first instanceof HTMLInputElement && first.type === 'checkbox') return first.checked;
    if (first instanceof HTMLInputElement && first.type === 'radio') {
      const chosen = fields.find((field) => field instanceof HTMLInputElement && field.checked);
      return chosen instanceof HTMLInputElement ? chosen.value : '';
    }
    return (first as HTMLInputElement).value;
  });
}

/** All that the form would send, as the browser would. */
export async function fieldValues(form: Locator): Promise<URLSearchParams> {
  const pairs = await form.evaluate((element) => [...new FormData(element as HTMLFormElement)].map(([name, value]) => [name, String(value)]));
  return new URLSearchParams(pairs as [string, string][]);
}

/** The message at a field, as the portal ties it to the field. */
export function errorAt(page: Page, name: string): Locator {
  return page.locator(`[id="f-${name}-error"]`);
}

/** Posts to a form's address as the page's person, but not by the form; does not follow where the answer leads. */
export async function post(page: Page, path: string, fields: URLSearchParams | Record<string, string>, headers: Record<string, string> = {}): Promise<APIResponse> {
  const origin = new URL(page.url()).origin;
  return page.context().request.post(`${origin}${path}`, {
    headers: { origin, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    data: new URLSearchParams(fields).toString(),
    maxRedirects: 0,
  });
}
