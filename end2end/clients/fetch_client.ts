/** openapi-typescript's types with openapi-fetch. */

import createClient from "openapi-fetch";
import type { components, paths } from "./generated/types";
import { needed, play, type Client, type Order } from "./journey";

type Detail = components["schemas"]["OrderDetail"];

function taken<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

function order(detail: Detail): Order {
  const { id, state, resource_id: resource } = detail.summary;
  return { id, state, resource, quote: detail.quote };
}

function client(token: string): Client {
  const api = createClient<paths>({
    baseUrl: needed("STOA_URL"),
    headers: { Authorization: `Bearer ${token}` },
  });
  const at = (id: string) => ({ params: { path: { id } } });
  return {
    whoAmI: async () => taken(await api.GET("/api/v1/me")),
    findOffering: async (q) => {
      const [first] = taken(await api.GET("/api/v1/offerings", { params: { query: { q, limit: 1 } } })).items;
      if (!first) throw new Error(`nothing is called ${q}`);
      return first;
    },
    readOffering: async (id) => {
      const offering = taken(await api.GET("/api/v1/offerings/{id}", at(id)));
      const [plan] = offering.plans;
      if (!plan) throw new Error("the offering has no plan");
      return { plan: plan.id, terms: offering.terms_version };
    },
    placeToOrderFor: async (id) => {
      const [first] = taken(await api.GET("/api/v1/offerings/{id}/order-places", at(id)));
      if (!first) throw new Error("there is no project to order for");
      return first.project_id;
    },
    quote: async (body) => taken(await api.POST("/api/v1/quotes", { body })),
    place: async (body, key) =>
      order(taken(await api.POST("/api/v1/orders", { body, params: { header: { "Idempotency-Key": key } } }))),
    approve: async (id) =>
      order(taken(await api.POST("/api/v1/orders/{id}/approve", { ...at(id), body: { comment: "Fine." } }))),
    readOrder: async (id) => order(taken(await api.GET("/api/v1/orders/{id}", at(id)))),
    resourceState: async (id) => taken(await api.GET("/api/v1/resources/{id}", at(id))).summary.state,
    invoices: async () => {
      const page = taken(await api.GET("/api/v1/invoices", { params: { query: { state: "issued" } } }));
      return page.items.map((one) => one.id);
    },
    invoice: async (id) => {
      const { number, lines } = taken(await api.GET("/api/v1/invoices/{id}", at(id)));
      return { number, lines: lines.length };
    },
    invoicePdf: async (id) => {
      const answer = await api.GET("/api/v1/invoices/{id}/pdf", { ...at(id), parseAs: "blob" });
      return taken(answer) as unknown as Blob;
    },
    changeWithoutVersion: async (id) => {
      const nothing = {} as { "If-Match": string };
      const change = { params: { path: { id }, header: nothing }, body: { description: "x" } };
      const { error, response } = await api.PATCH("/api/v1/projects/{id}", change);
      return { status: response.status, code: error?.code ?? "" };
    },
  };
}

play(
  "openapi-typescript",
  client(needed("STOA_BUYER")),
  client(needed("STOA_OWNER")),
  client(needed("STOA_ACCOUNTANT")),
).catch((fault) => {
  console.error(fault);
  process.exitCode = 1;
});
