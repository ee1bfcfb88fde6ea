//! What the start page and the marketplace gather from several services.

use domain::{Domain, access::Actor, billing::InvoiceFilter, ordering::OrderFilter, provisioning::ResourceFilter};
use model::{CatalogueSearch, Category, InvoiceState, Money, Month, OrderState, PageRequest};

use crate::{error::AppError, form::FormFields, server_fns::catalogue::MyFacts};

/// Lines of each list on the start page.
const LINES: u32 = 5;

/// What concerns `actor`.
pub async fn my_facts(domain: &Domain, actor: &Actor) -> Result<MyFacts, AppError> {
    let ordering = domain.ordering();
    let open = OrderFilter { states: open_states(), mine: true, ..OrderFilter::default() };
    let resources = ResourceFilter::default();
    Ok(MyFacts {
        name: actor.name.clone(),
        waiting: ordering.queue(actor, PageRequest::first(LINES)).await?.items,
        waiting_count: ordering.queue_count(actor).await?,
        open_orders: ordering.orders(actor, &open, PageRequest::first(LINES)).await?.items,
        resources: domain.provisioning().resources(actor, &resources, PageRequest::first(LINES)).await?.items,
        month_cost: month_cost(domain, actor).await?,
    })
}

fn open_states() -> Vec<OrderState> {
    OrderState::ALL.iter().copied().filter(|state| !state.is_terminal()).collect()
}

/// What the person's organizations have to pay for the running month so far, per currency. What they earn as providers stands
/// on the same kind of document and is left out.
async fn month_cost(domain: &Domain, actor: &Actor) -> Result<Vec<Money>, AppError> {
    let month = Month::containing(domain.clock().now().date_naive());
    let filter = InvoiceFilter { month: Some(month), state: Some(InvoiceState::Open), ..InvoiceFilter::default() };
    let page = domain.billing().invoices(actor, &filter, PageRequest::first(PageRequest::MOST)).await?;
    let me = domain.me(actor).await?;
    let mut sums: Vec<Money> = Vec::new();
    for invoice in page.items {
        if !me.organizations.iter().any(|one| one.id == invoice.organization_id) {
            continue;
        }
        let net = Money::from_fixed(invoice.net, invoice.currency);
        match sums.iter_mut().find(|sum| sum.currency == net.currency) {
            Some(sum) => *sum = sum.checked_add(net).unwrap_or(*sum),
            None => sums.push(net),
        }
    }
    Ok(sums)
}

/// The search that the parameters of an address ask for.
pub fn search_of(asked: &FormFields, category: Option<&Category>) -> CatalogueSearch {
    CatalogueSearch {
        q: asked.text("q").to_owned(),
        category: category.map(|category| category.slug.clone()),
        facets: asked.under("f").into_iter().collect(),
        provider: Some(asked.text("provider").to_owned()).filter(|slug| !slug.is_empty()),
    }
}
