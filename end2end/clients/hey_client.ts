/** The client that hey-api writes. */

import { createClient, createConfig } from "./generated/hey/client";
import * as sdk from "./generated/hey";
import { needed, play, type Client, type Order } from "./journey";

function client(token: string): Client {
  const api = createClient(createConfig({ baseUrl: needed("STOA_URL"), auth: token, throwOnError: true }));
  const call = { client: api, throwOnError: true } as const;
  const order = (detail: sdk.OrderDetail): Order => {
    const { id, state, resource_id: resource } = detail.summary;
    return { id, state, resource, quote: detail.quote };
  };
  const at = (id: string) => ({ ...call, path: { id } });
  return {
    whoAmI: async () => (await sdk.getMe(call)).data,
    findOffering: async (q) => {
      const [first] = (await sdk.listOfferings({ ...call, query: { q, limit: 1 } })).data.items;
      if (!first) throw new Error(`nothing is called ${q}`);
      return first;
    },
    readOffering: async (id) => {
      const offering = (await sdk.getOffering(at(id))).data;
      const [plan] = offering.plans;
      if (!plan) throw new Error("the offering has no plan");
      return { plan: plan.id, terms: offering.terms_version };
    },
    placeToOrderFor: async (id) => {
      const [first] = (await sdk.listOrderPlaces(at(id))).data;
      if (!first) throw new Error("there is no project to order for");
      return first.project_id;
    },
    quote: async (body) => (await sdk.quoteOrder({ ...call, body })).data,
    place: async (body, key) =>
      order((await sdk.placeOrder({ ...call, body, headers: { "Idempotency-Key": key } })).data),
    approve: async (id) => order((await sdk.approveOrder({ ...at(id), body: { comment: "Fine." } })).data),
    readOrder: async (id) => order((await sdk.getOrder(at(id))).data),
    resourceState: async (id) => (await sdk.getResource(at(id))).data.summary.state,
    invoices: async () =>
      (await sdk.listInvoices({ ...call, query: { state: "issued" } })).data.items.map((one) => one.id),
    invoice: async (id) => {
      const { number, lines } = (await sdk.getInvoice(at(id))).data;
      return { number, lines: lines.length };
    },
    invoicePdf: async (id) => (await sdk.downloadInvoice({ ...at(id), parseAs: "blob" })).data as unknown as Blob,
    changeWithoutVersion: async (id) => {
      const headers = {} as { "If-Match": string };
      const { error, response } = await sdk.updateProject({
        client: api,
        throwOnError: false,
        path: { id },
        headers,
        body: { description: "x" },
      });
      return { status: response.status, code: error?.code ?? "" };
    },
  };
}

play(
  "hey-api",
  client(needed("STOA_BUYER")),
  client(needed("STOA_OWNER")),
  client(needed("STOA_ACCOUNTANT")),
).catch((fault) => {
  console.error(fault);
  process.exitCode = 1;
});
