//! The area of a provider: its offerings, the orders it handles, what it sold, the use it reports.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::{
    CloseFailure, Component, DisplayRow, InvoiceSummary, OfferingSummary, OrderDetail, OrderSummary, Page,
    ResourceSummary,
};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, form::FormFields, reply::FormReply, usage_report::UsageAnswer};

/// What the list of a provider's offerings shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderOfferings {
    /// The offerings, by name.
    pub page: Page<OfferingSummary>,
    /// Whether the person may add one.
    pub can_create: bool,
}

/// Rows of one of a provider's lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderRows<T> {
    /// The rows.
    pub page: Page<T>,
    /// The filters of the address.
    pub filters: FormFields,
}

/// What a provider charges, and what of it cannot be invoiced as things are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderInvoices {
    /// The invoices.
    pub rows: ProviderRows<InvoiceSummary>,
    /// Months at fault; none for who does not see all that it charges.
    pub faults: Vec<CloseFailure>,
}

/// What the page of an order that a provider handles shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderOrder {
    /// The order.
    pub order: OrderDetail,
    /// The secret answers in clear, where they were asked for.
    pub secrets: Option<Vec<DisplayRow>>,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
}

/// A resource whose use is to be reported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChosenResource {
    /// The resource.
    pub resource: ResourceSummary,
    /// Its components that are charged by use.
    pub components: Vec<Component>,
    /// The day that runs for its buyer, as a start.
    pub today: NaiveDate,
}

/// What the form that reports use shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageForm {
    /// Resources that use can be reported for.
    pub resources: Vec<ResourceSummary>,
    /// The one that was chosen.
    pub chosen: Option<ChosenResource>,
    /// What became of each line that was sent last.
    pub answers: Vec<UsageAnswer>,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
}

/// The offerings of a provider, drafts included.
#[server(prefix = "/fn", endpoint = "load_provider_offerings")]
pub async fn load_provider_offerings(provider: String) -> Result<ProviderOfferings, AppError> {
    use crate::ssr;
    use domain::access::Target;
    let (actor, id) = (ssr::actor()?, ssr::id(&provider)?);
    let page = ssr::domain()?
        .catalogue()
        .provider_offerings(&actor, id, &model::NamedList::default(), &ssr::page_request()?)
        .await?;
    let can_create = actor.may(model::Permission::CreateOffering, &Target::provider(id));
    Ok(ProviderOfferings { page, can_create })
}

/// Begins an offering.
#[server(prefix = "/fn", endpoint = "create_offering")]
pub async fn create_offering() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms, provider_area},
    };
    ssr::post(
        "create_offering",
        |form| provider_area::provider_page(form, "new"),
        async |Sent { form, .. }: Sent<forms::CreateOffering>| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            let id = catalogue
                .create_offering(&actor, form.provider, &form.name)
                .await?;
            ssr::flash("Created as a draft. Until you publish it, only people of the provider and those who run the portal see it.").await?;
            Ok(routes::offering_step(id, "describe"))
        },
    )
    .await
}

/// The orders to a provider.
#[server(prefix = "/fn", endpoint = "load_provider_orders")]
pub async fn load_provider_orders(provider: String) -> Result<ProviderRows<OrderSummary>, AppError> {
    use crate::{order_filters::states_of, ssr, ssr::provider_area};
    let (actor, filters) = (ssr::actor()?, ssr::query()?);
    let provider = provider_area::require_provider(&actor, &provider)?;
    let states = states_of(filters.text("state"));
    let filter = domain::ordering::OrderFilter {
        states,
        sold_by: Some(provider),
        awaits_actor: filters.text("state") == "mine",
        ..Default::default()
    };
    let page = ssr::domain()?
        .ordering()
        .orders(&actor, &filter, ssr::page_request()?)
        .await?;
    Ok(ProviderRows { page, filters })
}

/// An order that the provider handles.
#[server(prefix = "/fn", endpoint = "load_provider_order")]
pub async fn load_provider_order(provider: String, id: String) -> Result<ProviderOrder, AppError> {
    use crate::{ssr, ssr::provider_area};
    let actor = ssr::actor()?;
    let provider = provider_area::require_provider(&actor, &provider)?;
    let ordering = ssr::domain()?.ordering();
    let order = ordering.order_sold_by(&actor, provider, ssr::id(&id)?).await?;
    let asked = ssr::take_shown_once(SECRETS).await?;
    let id = order.summary.id;
    let secrets = if order.can_fulfil && asked.is_some_and(|asked| asked == id.to_string()) {
        Some(ssr::domain()?.ordering().secret_answers(&actor, id).await?)
    } else {
        None
    };
    Ok(ProviderOrder {
        order,
        secrets,
        reply: ssr::take_reply("fulfil_order").await?,
    })
}

/// Under this waits of which order the next page shows the secret answers; never they themselves.
#[cfg(feature = "ssr")]
const SECRETS: &str = "secret_answers";

/// Asks for the secret answers of an order, once: reading them is written to its history.
#[server(prefix = "/fn", endpoint = "show_secret_answers")]
pub async fn show_secret_answers() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, provider_area};
    ssr::post(
        "fulfil_order",
        provider_area::order_page,
        async |Sent { form, fields }: Sent<forms::ShowSecretAnswers>| {
            let (actor, ordering) = (ssr::actor()?, ssr::domain()?.ordering());
            ordering.check_secret_answers(&actor, form.order).await?;
            ssr::show_once(SECRETS, &form.order.to_string()).await?;
            let page = provider_area::order_page(&fields);
            ssr::keep_typed("fulfil_order", &page, fields).await?;
            Ok(page)
        },
    )
    .await
}

/// Tells that an order was carried out by hand.
#[server(prefix = "/fn", endpoint = "fulfil_order")]
pub async fn fulfil_order() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, provider_area};
    ssr::post(
        "fulfil_order",
        provider_area::order_page,
        async |Sent { form, fields }: Sent<forms::FulfilOrder>| {
            let (actor, ordering) = (ssr::actor()?, ssr::domain()?.ordering());
            ordering
                .fulfil(&actor, form.order, provider_area::fulfilment(&fields))
                .await?;
            ssr::flash("Carried out. The buyer sees it on the order.").await?;
            Ok(provider_area::order_page(&fields))
        },
    )
    .await
}

/// Tells that an order cannot be carried out.
#[server(prefix = "/fn", endpoint = "cannot_fulfil")]
pub async fn cannot_fulfil() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, provider_area};
    ssr::post(
        "fulfil_order",
        provider_area::order_page,
        async |Sent { form, fields }: Sent<forms::CannotFulfil>| {
            let (actor, ordering) = (ssr::actor()?, ssr::domain()?.ordering());
            ordering.cannot_fulfil(&actor, form.order, &form.reason).await?;
            ssr::flash("The order has failed; the buyer reads your reason on it.").await?;
            Ok(provider_area::order_page(&fields))
        },
    )
    .await
}

/// What a provider sold.
#[server(prefix = "/fn", endpoint = "load_provider_resources")]
pub async fn load_provider_resources(provider: String) -> Result<ProviderRows<ResourceSummary>, AppError> {
    use crate::{ssr, ssr::provider_area};
    use model::ResourceState;
    let (actor, filters) = (ssr::actor()?, ssr::query()?);
    let filter = domain::provisioning::ResourceFilter {
        sold_by: Some(provider_area::require_provider(&actor, &provider)?),
        states: ResourceState::parse(filters.text("state")).into_iter().collect(),
        q: filters.text("q").to_owned(),
        ..Default::default()
    };
    let page = ssr::domain()?
        .provisioning()
        .resources(&actor, &filter, ssr::page_request()?)
        .await?;
    Ok(ProviderRows { page, filters })
}

/// The invoices that a provider issues.
#[server(prefix = "/fn", endpoint = "load_provider_invoices")]
pub async fn load_provider_invoices(provider: String) -> Result<ProviderInvoices, AppError> {
    use crate::{
        ssr,
        ssr::{link_access, provider_area},
    };
    use domain::billing::BillingError;
    let (actor, filters) = (ssr::actor()?, ssr::query()?);
    let provider = provider_area::require_provider(&actor, &provider)?;
    link_access::require_sold_invoices(&actor, provider)?;
    let filter = domain::billing::InvoiceFilter {
        provider: Some(provider),
        month: filters.text("month").parse().ok(),
        state: model::InvoiceState::parse(filters.text("state")),
        ..Default::default()
    };
    let billing = ssr::domain()?.billing();
    let page = billing.invoices(&actor, &filter, ssr::page_request()?).await?;
    let faults = match billing.faults(&actor, Some(provider)).await {
        Err(BillingError::Access(_)) => Vec::new(),
        found => found?,
    };
    let rows = ProviderRows { page, filters };
    Ok(ProviderInvoices { rows, faults })
}

/// The form that reports use.
#[server(prefix = "/fn", endpoint = "load_usage_form")]
pub async fn load_usage_form(provider: String) -> Result<UsageForm, AppError> {
    use crate::{ssr, ssr::provider_area};
    let (actor, asked) = (ssr::actor()?, ssr::query()?);
    let resources =
        provider_area::live_resources(&actor, provider_area::require_provider(&actor, &provider)?).await?;
    let reply = ssr::take_reply("report_usage").await?;
    let wanted = reply.value_or("resource", asked.text("resource"));
    let chosen = match resources.iter().find(|one| one.id.to_string() == wanted) {
        Some(one) => Some(ChosenResource {
            components: provider_area::metered_components(&actor, one).await?,
            today: ssr::domain()?.usage().today(&actor, one.id).await?,
            resource: one.clone(),
        }),
        None => None,
    };
    let answers = ssr::take_shown_once(ANSWERS).await?;
    let answers = answers.and_then(|text| serde_json::from_str(&text).ok());
    Ok(UsageForm {
        resources,
        chosen,
        answers: answers.unwrap_or_default(),
        reply,
    })
}

/// Under this the answers wait for the page.
#[cfg(feature = "ssr")]
const ANSWERS: &str = "usage_answers";

/// Reports what was used on a day, component by component; each line is answered by itself.
#[server(prefix = "/fn", endpoint = "report_usage")]
pub async fn report_usage() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, provider_area};
    ssr::post(
        "report_usage",
        provider_area::usage_page,
        async |Sent { fields, .. }: Sent<forms::ReportUsage>| {
            let (actor, usage) = (ssr::actor()?, ssr::domain()?.usage());
            let reports = provider_area::day_reports(&fields)?;
            let receipt = usage.record_days(&actor, reports.clone()).await?;
            let components = provider_area::reported_components(&actor, &reports).await?;
            let answers =
                serde_json::to_string(&provider_area::usage_answers(&reports, &receipt, &components));
            ssr::show_once(ANSWERS, &answers.unwrap_or_default()).await?;
            provider_area::require_accepted(&reports, receipt, &components)?;
            Ok(provider_area::usage_page(&fields))
        },
    )
    .await
}
