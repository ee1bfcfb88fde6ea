"""The client that openapi-python-client writes, playing the journey of an order."""

import os
import time
import uuid
from http import HTTPStatus

from stoa_client import AuthenticatedClient
from stoa_client.api.billing import download_invoice, get_invoice, list_invoices
from stoa_client.api.catalogue import get_offering, list_offerings
from stoa_client.api.orders import approve_order, get_order, list_order_places, place_order, quote_order
from stoa_client.api.profile import get_me
from stoa_client.api.resources import get_resource
from stoa_client.models import Comment, CreateDraft, InvoiceState, OrderState, ResourceState

TIMEOUT_SECONDS = 60


def client(variable: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=os.environ["STOA_URL"], token=os.environ[variable])


def taken(answer):
    """What a success said."""
    if answer.parsed is None or answer.status_code >= HTTPStatus.BAD_REQUEST:
        raise AssertionError(f"{answer.status_code}: {answer.content[:500]!r}")
    return answer.parsed


def done(buyer: AuthenticatedClient, order: str):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while True:
        seen = taken(get_order.sync_detailed(order, client=buyer))
        if seen.summary.state == OrderState.DONE:
            return seen
        assert time.monotonic() < deadline, f"order {order} is still {seen.summary.state}"
        time.sleep(0.2)


def main() -> None:
    buyer, owner, accountant = client("STOA_BUYER"), client("STOA_OWNER"), client("STOA_ACCOUNTANT")
    assert "@" in taken(get_me.sync_detailed(client=buyer)).email
    found = taken(list_offerings.sync_detailed(client=buyer, q="Kalevi A100", limit=1))
    offering = taken(get_offering.sync_detailed(str(found.items[0].id), client=buyer))
    project = taken(list_order_places.sync_detailed(found.items[0].id, client=buyer))[0].project_id
    draft = CreateDraft(
        project_id=project,
        offering_id=found.items[0].id,
        plan_id=offering.plans[0].id,
        name="by-openapi-python-client",
        accepted_terms=offering.terms_version,
    )
    quote = taken(quote_order.sync_detailed(client=buyer, body=draft))
    key = str(uuid.uuid4())
    placed = taken(place_order.sync_detailed(client=buyer, body=draft, idempotency_key=key))
    assert placed.quote.to_dict() == quote.to_dict(), "what was quoted is on the order"
    again = taken(place_order.sync_detailed(client=buyer, body=draft, idempotency_key=key))
    assert again.summary.id == placed.summary.id, "the same key orders once"
    taken(approve_order.sync_detailed(placed.summary.id, client=owner, body=Comment(comment="Fine.")))
    order = done(buyer, placed.summary.id)
    resource = taken(get_resource.sync_detailed(order.summary.resource_id, client=buyer))
    assert resource.summary.state == ResourceState.OK
    issued = taken(list_invoices.sync_detailed(client=accountant, state=InvoiceState.ISSUED))
    invoice = taken(get_invoice.sync_detailed(issued.items[0].id, client=accountant))
    assert invoice.number and invoice.lines
    pdf = taken(download_invoice.sync_detailed(invoice.id, client=accountant))
    assert pdf.payload.read(5) == b"%PDF-"
    print(f"openapi-python-client: order {placed.summary.id} is done, invoice {invoice.number} was read")


if __name__ == "__main__":
    main()
