/** The journey of an order as each client plays it: what is asked of a client, and what must come of it. */

import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";

/** What the journey needs of a client that was generated from the description; each call answers what the API said. */
export interface Client {
  whoAmI(): Promise<{ email: string }>;
  findOffering(words: string): Promise<{ id: string; name: string }>;
  readOffering(id: string): Promise<{ plan: string; terms: number }>;
  placeToOrderFor(offering: string): Promise<string>;
  quote(draft: Draft): Promise<unknown>;
  place(draft: Draft, key: string): Promise<Order>;
  approve(order: string): Promise<Order>;
  readOrder(order: string): Promise<Order>;
  resourceState(resource: string): Promise<string>;
  invoices(): Promise<string[]>;
  invoice(id: string): Promise<{ number: string | null | undefined; lines: number }>;
  invoicePdf(id: string): Promise<Blob>;
  /** Status and code of the answer to a change without a version. */
  changeWithoutVersion(project: string): Promise<{ status: number; code: string }>;
}

export interface Draft {
  project_id: string;
  offering_id: string;
  plan_id: string;
  name: string;
  accepted_terms: number;
}

export interface Order {
  id: string;
  state: string;
  resource: string | null | undefined;
  quote: unknown;
}

export function needed(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

/** How long an order may take that no backend holds up. */
const TIMEOUT_MS = 60_000;

export async function play(name: string, buyer: Client, owner: Client, accountant: Client): Promise<void> {
  assert.match((await buyer.whoAmI()).email, /@/);
  const offering = await buyer.findOffering("Kalevi A100");
  const { plan, terms } = await buyer.readOffering(offering.id);
  const project = await buyer.placeToOrderFor(offering.id);
  const draft: Draft = {
    project_id: project,
    offering_id: offering.id,
    plan_id: plan,
    name: `by-${name}`,
    accepted_terms: terms,
  };
  const quote = await buyer.quote(draft);
  const key = randomUUID();
  const placed = await buyer.place(draft, key);
  assert.deepEqual(placed.quote, quote, "what was quoted is on the order");
  const again = await buyer.place(draft, key);
  assert.equal(again.id, placed.id, "the same key orders once");
  await owner.approve(placed.id);
  const done = await until(buyer, placed.id);
  assert(done.resource, "a done order has its resource");
  assert.equal(await buyer.resourceState(done.resource), "ok");
  const [first] = await accountant.invoices();
  assert(first, "there are invoices");
  const invoice = await accountant.invoice(first);
  assert(invoice.number && invoice.lines > 0, "an issued invoice has a number and lines");
  const pdf = await accountant.invoicePdf(first);
  assert.equal((await pdf.slice(0, 5).text()), "%PDF-");
  const refused = await owner.changeWithoutVersion(project);
  assert.deepEqual(refused, { status: 428, code: "precondition_required" });
  console.log(`${name}: order ${placed.id} is done, invoice ${invoice.number} was read`);
}

async function until(client: Client, order: string): Promise<Order> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const seen = await client.readOrder(order);
    if (seen.state === "done") {
      return seen;
    }
    assert(Date.now() < deadline, `order ${order} is still ${seen.state}`);
    await new Promise((resume) => setTimeout(resume, 200));
  }
}
