//! Resources: lists, one whole, changes of limits, termination.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::{
    ComponentUsage, Month, Page, QuoteRequest, ResourceAction, ResourceActions, ResourceDetail,
    ResourceSummary, RunningCost, SwitchablePlan,
};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, form::FormFields, reply::FormReply};

/// What the list of resources shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceList {
    /// The rows.
    pub page: Page<ResourceSummary>,
    /// The filters of the address.
    pub filters: FormFields,
}

/// What the page of a resource shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceFacts {
    /// The resource.
    pub resource: ResourceDetail,
    /// Usage of these days.
    pub usage: Vec<ComponentUsage>,
    /// Which days they are.
    pub span: UsageSpan,
    /// The running month's cost.
    pub cost: RunningCost,
    /// What can be done with it, and the parts that its backend lists.
    pub actions: ResourceActions,
    /// What was asked for last, the newest first.
    pub asked: Vec<ResourceAction>,
    /// Asks for an action once, however often its button is sent.
    pub token: String,
    /// What was refused of it, if anything.
    pub refused: FormReply,
}

/// The days whose use a page shows: those of a month, or the last 30.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageSpan {
    /// The month; none for the last 30 days.
    pub month: Option<Month>,
    /// A month with days before these in which the resource was in use.
    pub earlier: Option<Month>,
    /// A month after these that has begun.
    pub later: Option<Month>,
    /// The first day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
}

impl UsageSpan {
    /// The month that is `asked` for, if it is one between `first_day`, on which the resource began, and `today`; the last
    /// 30 days otherwise.
    #[cfg(feature = "ssr")]
    fn of(asked: &str, first_day: Option<NaiveDate>, today: NaiveDate) -> Self {
        use chrono::Days;

        let (first, present) = (first_day.map(Month::containing), Month::containing(today));
        let is_known = |month: &Month| *month <= present && first.is_some_and(|first| first <= *month);
        let from = today.checked_sub_days(Days::new(29)).unwrap_or(today);
        match asked.parse().ok().filter(is_known) {
            Some(month) => Self {
                month: Some(month),
                earlier: Some(month.prev()).filter(is_known),
                later: Some(month.next()).filter(is_known),
                from: month.first_day(),
                until: month.next().first_day(),
            },
            None => Self {
                month: None,
                earlier: first_day
                    .filter(|first| *first < from)
                    .map(|_| Month::containing(from)),
                later: None,
                from,
                // The end of the span is not in it, but today is to be seen.
                until: today.succ_opt().unwrap_or(today),
            },
        }
    }
}

/// What a form about a resource shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceForm {
    /// The resource.
    pub resource: ResourceDetail,
    /// Its state, which a change of its last day names.
    pub state: String,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
    /// Makes the order once, however often it is sent.
    pub token: String,
    /// Whether its termination, if that is what the form orders, waits until the provider agrees.
    pub asks_provider: bool,
}

/// What the form of limits shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LimitsForm {
    /// The form.
    pub form: ResourceForm,
    /// What the cost depends on; none for people who may not order the change now.
    pub terms: Option<QuoteRequest>,
}

/// Lists the resources that the person may see.
#[server(prefix = "/fn", endpoint = "load_resources")]
pub async fn load_resources() -> Result<ResourceList, AppError> {
    use domain::provisioning::ResourceFilter;
    use model::ResourceState;

    use crate::ssr;
    let actor = ssr::actor()?;
    let filters = ssr::query()?;
    ssr::link_access::require_resources(&actor, filters.text("organization"))?;
    ssr::link_access::require_one_place(&actor, &filters).await?;
    let filter = ResourceFilter {
        project: filters.text("project").parse().ok(),
        organization: filters.text("organization").parse().ok(),
        provider: filters.text("provider").parse().ok(),
        states: ResourceState::parse(filters.text("state")).into_iter().collect(),
        q: filters.text("q").to_owned(),
        ..Default::default()
    };
    let page = ssr::domain()?
        .provisioning()
        .resources(&actor, &filter, ssr::page_request()?)
        .await?;
    Ok(ResourceList { page, filters })
}

/// How many of the actions that were asked for its page shows.
#[cfg(feature = "ssr")]
const LAST_ASKED: u32 = 5;

/// Loads a resource with usage and cost.
#[server(prefix = "/fn", endpoint = "load_resource")]
pub async fn load_resource(id: String) -> Result<ResourceFacts, AppError> {
    use crate::ssr;
    let (actor, domain) = (ssr::actor()?, ssr::domain()?);
    let id = ssr::id(&id)?;
    let resource = domain.provisioning().resource(&actor, id).await?;
    let today = domain.usage().today(&actor, id).await?;
    let span = UsageSpan::of(&ssr::query_value("usage")?, resource.lifetime.first_day, today);
    let usage = domain.usage().report(&actor, id, span.from, span.until).await?;
    let cost = domain.billing().running_cost(&actor, id).await?;
    let plugins = ssr::plugins()?;
    let actions = domain.actions().of_resource(&actor, id, &plugins).await?;
    let asked = domain.actions().last_of(&actor, id, LAST_ASKED).await?;
    Ok(ResourceFacts {
        resource,
        usage,
        span,
        cost,
        actions,
        asked,
        token: ssr::form_token(),
        refused: ssr::take_reply("ask_for_action").await?,
    })
}

/// Loads a resource for one of its forms.
#[server(prefix = "/fn", endpoint = "load_resource_form")]
pub async fn load_resource_form(id: String, form: String) -> Result<ResourceForm, AppError> {
    use crate::{routes, ssr};
    use domain::access::Target;
    use model::{Kind, Permission, Problem};
    let (actor, domain) = (ssr::actor()?, ssr::domain()?);
    let (resource, state) = domain
        .provisioning()
        .resource_at_state(&actor, ssr::id(&id)?)
        .await?;
    ssr::offer_way_on("See the resource", routes::resource(resource.summary.id));
    if let Some(order) = resource.open_order {
        ssr::offer_way_on("See the open order", routes::order(order));
    }
    let reply = ssr::take_reply(&form).await?;
    // A form that was sent and refused is shown again, with the refusal.
    if reply.problem.is_none() {
        let one = &resource.summary;
        let target = Target::project(one.organization_id, one.project_id)
            .sold_by(one.provider_id, Some(one.offering_id));
        domain
            .access()
            .authorize(&actor, Permission::PlaceOrder, &target)?;
        let can_order = match form.as_str() {
            "change_limits" => resource.can_change_limits,
            "terminate_resource" => resource.can_terminate,
            _ => true,
        };
        if !can_order {
            let problem = Problem::plain(Kind::Conflict, "not_orderable", resource.why_not);
            return Err(AppError(problem));
        }
    }
    let asks_provider = form == "terminate_resource"
        && resource.can_terminate
        && domain
            .ordering()
            .asks_provider(&actor, resource.summary.id)
            .await?;
    Ok(ResourceForm {
        resource,
        state,
        reply,
        asks_provider,
        token: ssr::form_token(),
    })
}

/// Loads a resource for the form of its limits.
#[server(prefix = "/fn", endpoint = "load_limits_form")]
pub async fn load_limits_form(id: String) -> Result<LimitsForm, AppError> {
    use crate::ssr;
    let form = load_resource_form(id, "change_limits".to_owned()).await?;
    // None where the form is shown again with a refusal, and there is nothing to order any more.
    let terms = if form.resource.can_change_limits {
        let id = form.resource.summary.id;
        Some(ssr::domain()?.ordering().limits_terms(&ssr::actor()?, id).await?)
    } else {
        None
    };
    Ok(LimitsForm { form, terms })
}

/// Shows the form of limits again with the price of what is typed, for browsers without scripts.
#[server(prefix = "/fn", endpoint = "recalculate_limits")]
pub async fn recalculate_limits() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, forms},
    };
    ssr::show_again::<forms::ChangeLimits>("change_limits", |form| {
        format!("{}#quote", routes::resource_limits(form.text("resource")))
    })
    .await
}

/// Orders other limits.
#[server(prefix = "/fn", endpoint = "change_limits")]
pub async fn change_limits() -> Result<(), AppError> {
    use model::LimitsDraft;

    use crate::{
        routes,
        ssr::{self, Sent, SentOrder, forms},
    };
    ssr::post(
        "change_limits",
        |form| routes::resource_limits(form.text("resource")),
        async |Sent { form, fields }: Sent<forms::ChangeLimits>| {
            let (actor, domain) = (ssr::actor()?, ssr::domain()?);
            let draft = LimitsDraft {
                resource_id: form.resource,
                limits: ssr::limits(&fields.under("limits"))?,
            };
            let key = ssr::idempotency_key(&form.idempotency_key, &draft)?;
            let sent = SentOrder::of(&actor, key).await?;
            let id = domain
                .ordering()
                .place_change_limits(&actor, draft, sent.key())
                .await?;
            sent.placed(id, "The change is ordered.").await
        },
    )
    .await
}

/// What the form that switches the plan shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanForm {
    /// The form.
    pub form: ResourceForm,
    /// The plans to choose from; none for people who may not order a switch now.
    pub plans: Vec<SwitchablePlan>,
}

/// Loads a resource for the form that switches its plan.
#[server(prefix = "/fn", endpoint = "load_plan_form")]
pub async fn load_plan_form(id: String) -> Result<PlanForm, AppError> {
    use crate::ssr;
    let form = load_resource_form(id, "switch_plan".to_owned()).await?;
    let plans = if form.resource.can_switch_plan {
        let id = form.resource.summary.id;
        ssr::domain()?
            .ordering()
            .switchable_plans(&ssr::actor()?, id)
            .await?
    } else {
        Vec::new()
    };
    Ok(PlanForm { form, plans })
}

/// Shows the form of plans again with the price of the plan that is chosen, for browsers without scripts.
#[server(prefix = "/fn", endpoint = "recalculate_plan")]
pub async fn recalculate_plan() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, forms},
    };
    ssr::show_again::<forms::SwitchPlan>("switch_plan", |form| {
        format!("{}#quote", routes::resource_plan(form.text("resource")))
    })
    .await
}

/// Orders another plan.
#[server(prefix = "/fn", endpoint = "switch_plan")]
pub async fn switch_plan() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, SentOrder, forms},
    };
    use model::{FieldFault, PlanId, Problem};
    ssr::post(
        "switch_plan",
        |form| routes::resource_plan(form.text("resource")),
        async |Sent { form, .. }: Sent<forms::SwitchPlan>| {
            let (actor, ordering) = (ssr::actor()?, ssr::domain()?.ordering());
            let plan: PlanId = form.plan.parse().map_err(|_no_id| {
                let fault = FieldFault::at("plan", "required", "Choose a plan.");
                AppError(Problem::invalid(vec![fault]))
            })?;
            let key = ssr::idempotency_key(&form.idempotency_key, &(form.resource, plan))?;
            let sent = SentOrder::of(&actor, key).await?;
            if !form.price_mark.is_empty() {
                let plans = ordering.switchable_plans(&actor, form.resource).await?;
                // Why a plan cannot be had any more, the order says.
                if plans.iter().any(|one| one.id == plan) {
                    let now = model::price_mark_of_switch(&plans);
                    sent.refuse_other_prices("plan", &form.price_mark, &now)?;
                }
            }
            let placed = ordering
                .place_switch_plan(&actor, form.resource, plan, sent.key())
                .await;
            let id = placed.map_err(|error| AppError::from(error).renamed(&[("plan_id", "plan")]))?;
            sent.placed(id, "The switch of plan is ordered.").await
        },
    )
    .await
}

/// Orders the end of a resource.
#[server(prefix = "/fn", endpoint = "terminate_resource")]
pub async fn terminate_resource() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, SentOrder, forms},
    };
    ssr::post(
        "terminate_resource",
        |form| routes::resource_end(form.text("resource")),
        async |Sent { form, .. }: Sent<forms::TerminateResource>| {
            let (actor, domain) = (ssr::actor()?, ssr::domain()?);
            let key = ssr::idempotency_key(&form.idempotency_key, &(form.resource, &*form.reason))?;
            let sent = SentOrder::of(&actor, key).await?;
            let id = domain
                .ordering()
                .place_terminate(&actor, form.resource, &form.reason, sent.key())
                .await?;
            sent.placed(id, "The termination is ordered.").await
        },
    )
    .await
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_month_in_which_it_was_in_use_can_be_seen() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let month = |text: &str| text.parse::<Month>().ok();
        let span = |asked: &str| UsageSpan::of(asked, Some(day("2026-11-02")), day("2027-01-03"));
        let (newest, december, november) = (span(""), span("2026-12"), span("2026-11"));
        assert_eq!(
            (newest.from, newest.until),
            (day("2026-12-05"), day("2027-01-04"))
        );
        assert_eq!(
            (newest.month, newest.earlier, newest.later),
            (None, month("2026-12"), None)
        );
        assert_eq!(
            (december.from, december.until),
            (day("2026-12-01"), day("2027-01-01"))
        );
        assert_eq!(
            (december.earlier, december.later),
            (month("2026-11"), month("2027-01"))
        );
        assert_eq!((november.earlier, november.later), (None, month("2026-12")));
        for unknown in ["2026-10", "2027-02", "soon"] {
            assert_eq!(span(unknown), newest, "{unknown}");
        }
        assert_eq!(
            UsageSpan::of("", Some(day("2026-12-20")), day("2027-01-03")).earlier,
            None
        );
    }
}
