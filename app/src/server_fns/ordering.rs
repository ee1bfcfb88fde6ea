//! Placing orders, following them, deciding on them.

use leptos::prelude::*;
use model::{OfferingDetail, OrderDetail, OrderSummary, OrderableProject, Page};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, form::FormFields};

/// What the order form shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderFormFacts {
    /// What is ordered.
    pub offering: OfferingDetail,
    /// Its terms of service as HTML.
    pub terms: String,
    /// The projects that the person may order it for.
    pub places: Vec<OrderableProject>,
    /// What the form starts with: the parameters of the address.
    pub asked: FormFields,
    /// Under this key the form orders once, however often it is sent.
    pub key: String,
}

/// What the list of orders shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrdersFacts {
    /// The orders, newest first.
    pub page: Page<OrderSummary>,
    /// What was asked: the parameters of the address.
    pub asked: FormFields,
}

/// The order form of an offering.
#[server(prefix = "/fn", endpoint = "load_order_form")]
pub async fn load_order_form(slug: String) -> Result<OrderFormFacts, AppError> {
    use crate::ssr;
    let (domain, actor) = (ssr::domain()?, ssr::actor()?);
    let offering = domain
        .catalogue()
        .offering(Some(&actor), &slug)
        .await?
        .as_offered();
    Ok(OrderFormFacts {
        terms: ssr::markdown(&offering.terms_of_service).await?,
        places: domain
            .ordering()
            .orderable_projects(&actor, offering.summary.id)
            .await?,
        asked: ssr::query()?,
        key: ssr::form_token(),
        offering,
    })
}

/// Orders an offering.
#[server(prefix = "/fn", endpoint = "place_order")]
pub async fn place_order() -> Result<(), AppError> {
    use crate::{
        order_form::OrderInput,
        routes,
        ssr::{self, Sent, SentOrder, forms},
    };
    ssr::post(
        "place_order",
        |form| routes::order_form(form.text("offering")),
        async |Sent { form, fields }: Sent<forms::PlaceOrder>| {
            let (domain, actor) = (ssr::domain()?, ssr::actor()?);
            let offering = domain.catalogue().offering(Some(&actor), &form.offering).await?;
            let read = OrderInput::read(&fields, &offering)?;
            let key = ssr::idempotency_key(&form.idempotency_key, &read.draft)?;
            let once_more = fields.is_on("once_more");
            let sent = SentOrder::of(&actor, key).await?;
            sent.refuse_other_prices("plan", fields.text("price_mark"), &offering.price_mark())?;
            let placed = domain
                .ordering()
                .place_create_once(&actor, read.draft.clone(), sent.key(), once_more)
                .await;
            let id = placed.map_err(|error| read.explain(error.into()))?;
            sent.placed(id, "Order placed.").await
        },
    )
    .await
}

/// Shows the order form again with the price of what is chosen, for browsers without scripts.
#[server(prefix = "/fn", endpoint = "recalculate_order")]
pub async fn recalculate_order() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, forms},
    };
    ssr::show_again::<forms::PlaceOrder>("place_order", |form| {
        format!("{}#quote", routes::order_form(form.text("offering")))
    })
    .await
}

/// The orders that the person may see.
#[server(prefix = "/fn", endpoint = "load_orders")]
pub async fn load_orders() -> Result<OrdersFacts, AppError> {
    use crate::{order_filters::states_of, ssr};
    let (actor, asked) = (ssr::actor()?, ssr::query()?);
    ssr::link_access::require_resources(&actor, asked.text("organization"))?;
    ssr::link_access::require_one_place(&actor, &asked).await?;
    let optional = |name: &str| Some(asked.text(name).to_owned()).filter(|text| !text.is_empty());
    let filter = domain::ordering::OrderFilter {
        states: states_of(asked.text("state")),
        project: optional("project").map(|id| ssr::id(&id)).transpose()?,
        organization: optional("organization").map(|id| ssr::id(&id)).transpose()?,
        provider: optional("provider").map(|id| ssr::id(&id)).transpose()?,
        resource: optional("resource").map(|id| ssr::id(&id)).transpose()?,
        mine: asked.is_on("mine"),
        ..Default::default()
    };
    let page = ssr::domain()?
        .ordering()
        .orders(&actor, &filter, ssr::page_request()?)
        .await?;
    Ok(OrdersFacts { page, asked })
}

/// An order.
#[server(prefix = "/fn", endpoint = "load_order")]
pub async fn load_order(id: String) -> Result<OrderDetail, AppError> {
    use crate::ssr;
    Ok(ssr::domain()?
        .ordering()
        .order(&ssr::actor()?, ssr::id(&id)?)
        .await?)
}

/// Approves an order.
#[server(prefix = "/fn", endpoint = "approve_order")]
pub async fn approve_order() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms};
    ssr::post(
        "decide_order",
        order_of,
        async |Sent { form, fields }: Sent<forms::DecideOrder>| {
            let (domain, actor) = (ssr::domain()?, ssr::actor()?);
            domain
                .ordering()
                .approve(&actor, form.order, &form.comment)
                .await?;
            ssr::flash("Approved. The order goes on.").await?;
            Ok(order_of(&fields))
        },
    )
    .await
}

/// Refuses an order, with a reason for the one who placed it.
#[server(prefix = "/fn", endpoint = "reject_order")]
pub async fn reject_order() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms};
    ssr::post(
        "decide_order",
        order_of,
        async |Sent { form, fields }: Sent<forms::DecideOrder>| {
            let (domain, actor) = (ssr::domain()?, ssr::actor()?);
            domain
                .ordering()
                .reject(&actor, form.order, &form.comment)
                .await?;
            ssr::flash("Rejected. The person who ordered sees your reason.").await?;
            Ok(order_of(&fields))
        },
    )
    .await
}

/// Withdraws an order, or gives up a failed one.
#[server(prefix = "/fn", endpoint = "cancel_order")]
pub async fn cancel_order() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms};
    ssr::post(
        "decide_order",
        order_of,
        async |Sent { form, fields }: Sent<forms::DecideOrder>| {
            let (domain, actor) = (ssr::domain()?, ssr::actor()?);
            domain.ordering().cancel(&actor, form.order, &form.reason).await?;
            ssr::flash("The order was withdrawn.").await?;
            Ok(order_of(&fields))
        },
    )
    .await
}

/// Tries a failed order again.
#[server(prefix = "/fn", endpoint = "retry_order")]
pub async fn retry_order() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms};
    ssr::post(
        "decide_order",
        order_of,
        async |Sent { form, fields }: Sent<forms::DecideOrder>| {
            let (domain, actor) = (ssr::domain()?, ssr::actor()?);
            domain.ordering().retry(&actor, form.order).await?;
            ssr::flash("The order is tried again.").await?;
            Ok(order_of(&fields))
        },
    )
    .await
}

/// The page of the order that a form is about: the provider's, where the form stands there. Only ids lead there.
#[cfg(feature = "ssr")]
fn order_of(form: &FormFields) -> String {
    if form.has("provider") {
        return crate::ssr::provider_area::order_page(form);
    }
    let id = form.text("order").parse::<model::OrderId>();
    id.map_or_else(|_no_id| "/orders".to_owned(), crate::routes::order)
}
