//! What a draft would cost now, for those who ask before they order.

use entity::json::Limits;
use model::{CreateDraft, Month, Occasion, Permission, Quote, RequestedDays, TokenScope};
use sea_orm::ConnectionTrait;

use super::cost::{Cost, starting};
use super::offer::Offer;
use crate::access::{Actor, check_scope};
use crate::billing::domestic_tax;
use crate::check::Check;
use crate::ordering::allow::allow;
use crate::ordering::check::{check_duration, check_plan, end};
use crate::ordering::parties::{Buyer, Sale, load_plan};
use crate::ordering::{Ordering, OrderingError};
use crate::structure::End;
use crate::zone::Zone;

impl Ordering {
    /// What this draft would cost now. Of the draft, the plan, the limits and the days are checked; its name, answers
    /// and terms are not. Without an actor, the draft's project is not looked at, and the tax is the seller's domestic one.
    ///
    /// Refused with a token that lacks the scope `read` (`Access`), and where there is no such project or offering or the
    /// actor does not see it (`NotFound`).
    pub async fn quote(&self, actor: Option<&Actor>, draft: &CreateDraft) -> Result<Quote, OrderingError> {
        let db = self.core.read();
        let buyer = match actor {
            Some(actor) => Some(visible_buyer(db, actor, draft).await?),
            None => None,
        };
        let sale = Sale::load(db, draft.offering_id).await?;
        sale.check_visible(db, actor, buyer.as_ref().map(|buyer| buyer.organization.id))
            .await?;
        let zone = match &buyer {
            Some(buyer) => buyer.zone.clone(),
            None => Zone::of(&sale.provider)?,
        };
        let now = zone.local(self.core.now());
        let today = now.date();
        let mut check = Check::default();
        let plan = check_plan(&mut check, load_plan(db, draft.plan_id).await?, &sale.offering);
        let offer = Offer::now(db, draft.offering_id, plan.as_ref(), self.core.now()).await?;
        let (start, last_day) = check_duration(
            &mut check,
            RequestedDays {
                start_date: draft.start_date,
                end_date: draft.end_date,
                term_months: draft.term_months,
            },
            today,
            buyer.as_ref().map(|buyer| &buyer.project),
            &offer.components,
            &sale.offering.duration_rules()?,
        );
        let cost = Cost {
            occasion: Occasion::Create,
            plan: plan.as_ref(),
            terms: offer.terms,
            components: offer.components,
            limits: draft.limits.clone(),
            limits_before: Limits::new(),
            previous: None,
            expected: draft.expected_use.clone(),
            start: starting(start, now),
            zone: &zone,
            last_day: End::of(last_day, buyer.as_ref().and_then(|buyer| buyer.project.end_date))
                .map(|end| end.last_day),
            paid_term: None,
            later_terms: Vec::new(),
            to_come: offer.to_come,
            tax: match &buyer {
                Some(buyer) => buyer.tax_from(&sale, start),
                None => domestic_tax(&sale.versions, Month::containing(start)),
            },
        };
        let quote = cost.quote(&mut check)?;
        end(check)?;
        quote.ok_or(OrderingError::NotFound { what: "plan" })
    }
}

/// The buyer, to those who see its project.
async fn visible_buyer(
    db: &impl ConnectionTrait,
    actor: &Actor,
    draft: &CreateDraft,
) -> Result<Buyer, OrderingError> {
    check_scope(actor, TokenScope::Read)?;
    let buyer = Buyer::load(db, draft.project_id).await?;
    allow(actor, Permission::ViewProject, &buyer.target(), "project")?;
    Ok(buyer)
}
