// The REST API, to look from outside at what the pages say.

import type { Person } from './people';
import type { Server } from './server';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Order {
  id: string;
  kind: string;
  state: string;
  resource_name: string;
  resource_id: string | null;
}

export interface Resource {
  id: string;
  name: string;
  state: string;
}

export interface Money {
  amount: string;
  currency: string;
}

export interface Invoice {
  id: string;
  number: string | null;
  month: string;
  organization_name: string;
  provider_name: string;
  total: Money;
}

export interface InvoiceLine {
  resource_name: string;
  description: string;
  quantity: string;
  unit: string;
  amount: Money;
}

export interface InvoiceDocument extends Omit<Invoice, 'organization_name' | 'provider_name'> {
  lines: InvoiceLine[];
  net: Money;
  tax: Money;
}

export interface Usage {
  component: string;
  total: string;
  users: { username: string; quantity: string }[];
}

export class Api {
  private readonly token: string;

  constructor(
    private readonly server: Server,
    person: Person,
  ) {
    this.token = server.token(person);
  }

  /** Reads `/api/v1/<path>`. */
  async get<T>(path: string): Promise<T> {
    return this.ask<T>('GET', path);
  }

  /** Posts to `/api/v1/<path>`. */
  async post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.ask<T>('POST', path, body);
  }

  /** All orders that the person sees. */
  async orders(): Promise<Order[]> {
    return this.all<Order>('orders');
  }

  /** The orders for the resource of this name. */
  async ordersFor(name: string): Promise<Order[]> {
    return (await this.orders()).filter((order) => order.resource_name === name);
  }

  async resourcesNamed(name: string): Promise<Resource[]> {
    return (await this.all<Resource>('resources')).filter((resource) => resource.name === name);
  }

  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page<T> = await this.get<Page<T>>(`${path}?limit=100${more}`);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return items;
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${this.server.url}/api/v1/${path}`, { method, headers, ...sent });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }
}

/** Lets a provider use a cluster of SLURM, under its root account. */
export async function assignCluster(staff: Api, provider: string, cluster: string): Promise<void> {
  const organizations = await staff.all<{ id: string; slug: string }>('organizations');
  const found = organizations.find((one) => one.slug === provider);
  if (!found) throw new Error(`no organization is called ${provider}`);
  await staff.post(`providers/${found.id}/backends`, { plugin: 'slurm', settings: { cluster, parent_account: 'root' } });
}

export interface OrderDetail {
  summary: Order;
}

export interface Offering {
  summary: { id: string; slug: string; name: string };
  terms_version: number;
  plans: { id: string; name: string }[];
}

/** An order for a new resource, as the API takes it. */
export async function draft(api: Api, offering: string, project: string, name: string, limits: Record<string, string>, attributes: object = {}): Promise<object> {
  const found = await api.get<Offering>(`offerings/${offering}`);
  const projects = await api.all<{ id: string; name: string }>('projects');
  return {
    offering_id: found.summary.id,
    plan_id: found.plans[0]?.id,
    project_id: projects.find((one) => one.name === project)?.id,
    name,
    limits,
    attributes,
    accepted_terms: found.terms_version,
  };
}
