//! Placing an order for a new resource, and what all kinds of placing share.

use chrono::Days;
use entity::json::Limits;
use model::{CreateDraft, Occasion, OrderId, OrderKind, Permission, RequestedDays};
use sea_orm::DatabaseTransaction;

use super::answers::check_answers;
use super::submit::{NewOrder, submit_in};
use crate::access::Actor;
use crate::check::Check;
use crate::core::Core;
use crate::ordering::allow::allow;
use crate::ordering::check::{NAME, check_duration, check_plan, check_terms, end};
use crate::ordering::locks::hold_sale;
use crate::ordering::parties::{Buyer, Parties, Sale, load_plan};
use crate::ordering::price::cost::{Cost, settled_limits, starting};
use crate::ordering::price::offer::Offer;
use crate::ordering::{Ordering, OrderingError};
use crate::structure::End;

impl Ordering {
    /// Orders a new resource. With an idempotency key, the same draft from the same person is one order, however often it
    /// is sent; the same key with another draft is refused.
    pub async fn place_create(
        &self,
        actor: &Actor,
        draft: CreateDraft,
        idem: Option<&str>,
    ) -> Result<OrderId, OrderingError> {
        self.place_create_once(actor, draft, idem, true).await
    }
}

pub(super) async fn place_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    draft: CreateDraft,
) -> Result<OrderId, OrderingError> {
    hold_sale(tx, draft.project_id, draft.offering_id).await?;
    let buyer = Buyer::load(tx, draft.project_id).await?;
    allow(actor, Permission::PlaceOrder, &buyer.target(), "project")?;
    let sale = Sale::load(tx, draft.offering_id).await?;
    sale.check_visible(tx, Some(actor), Some(buyer.organization.id))
        .await?;
    sale.check_active()?;
    let today = buyer.today(core);
    buyer.check_open(today)?;
    let (plan, new_order) = check_draft(core, tx, &buyer, &sale, draft).await?;
    submit_in(core, tx, actor, &Parties { buyer, sale, plan }, new_order).await
}

/// Everything about the draft itself; all faults at once.
async fn check_draft(
    core: &Core,
    tx: &DatabaseTransaction,
    buyer: &Buyer,
    sale: &Sale,
    draft: CreateDraft,
) -> Result<(entity::plan::Model, NewOrder), OrderingError> {
    let today = buyer.today(core);
    let mut check = Check::default();
    let name = check.required("name", &draft.name, NAME);
    let plan = check_plan(&mut check, load_plan(tx, draft.plan_id).await?, &sale.offering);
    let mut offer = Offer::now(tx, sale.offering.id, plan.as_ref(), core.now()).await?;
    let accepted_terms = check_terms(&mut check, draft.accepted_terms, &sale.offering);
    let (start, last_day) = check_duration(
        &mut check,
        RequestedDays {
            start_date: draft.start_date,
            end_date: draft.end_date,
            term_months: draft.term_months,
        },
        today,
        Some(&buyer.project),
        &offer.components,
        &sale.offering.duration_rules()?,
    );
    // Who is to get it on a later day gets it as it was quoted for that day.
    let first_day_over = start.checked_add_days(Days::new(1)).unwrap_or(start);
    offer.binding.hold_until(buyer.zone.start_of(first_day_over));
    let form = sale.offering.form()?;
    let answers = check_answers(&mut check, &form, &draft.attributes);
    let limits = settled_limits(&offer.components, &draft.limits, None);
    let cost = Cost {
        occasion: Occasion::Create,
        plan: plan.as_ref(),
        terms: offer.terms,
        components: offer.components,
        limits: draft.limits,
        limits_before: Limits::new(),
        previous: None,
        expected: draft.expected_use.clone(),
        start: starting(start, buyer.local_now(core)),
        zone: &buyer.zone,
        last_day: End::of(last_day, buyer.project.end_date).map(|end| end.last_day),
        paid_term: None,
        later_terms: Vec::new(),
        to_come: offer.to_come,
        tax: buyer.tax_from(sale, start),
    };
    let quote = cost.quote(&mut check)?;
    end(check)?;
    let plan = plan.ok_or(OrderingError::NotFound { what: "plan" })?;
    let new_order = NewOrder {
        kind: OrderKind::Create,
        resource_id: None,
        resource_name: name,
        limits,
        limits_before: Limits::new(),
        expected_use: draft.expected_use,
        request_form: answers.questions(&form)?,
        answers,
        start: (start > today).then_some(start),
        last_day,
        term_months: draft.term_months,
        quote: quote.map(|quote| (quote, offer.binding)),
        accepted_terms,
        reason: String::new(),
    };
    Ok((plan, new_order))
}
