//! What a change of a resource will cost, before it is ordered.

use model::{LimitsDraft, Occasion, Quote, QuoteRequest, ResourceId};

use super::check::end;
use super::quote::{load_components, settled_limits};
use super::subject::Subject;
use super::{Ordering, OrderingError};
use crate::access::Actor;
use crate::check::Check;

impl Ordering {
    /// Everything that the cost of other limits depends on, with the limits that are held: a form prices from it what
    /// is typed, with the function that the server uses.
    pub async fn limits_terms(&self, actor: &Actor, id: ResourceId) -> Result<QuoteRequest, OrderingError> {
        let draft = LimitsDraft {
            resource_id: id,
            limits: [].into(),
        };
        self.change_request(actor, &draft).await
    }

    /// What other limits would cost if they were ordered now. Limits that are not named stay. Whether the order would
    /// be taken is not checked, only its limits.
    pub async fn quote_change_limits(
        &self,
        actor: &Actor,
        draft: &LimitsDraft,
    ) -> Result<Quote, OrderingError> {
        let request = self.change_request(actor, draft).await?;
        let mut check = Check::default();
        let quote = super::quote::quoted(&request, &mut check)?;
        end(check)?;
        quote.ok_or(OrderingError::NotFound { what: "plan" })
    }

    async fn change_request(
        &self,
        actor: &Actor,
        draft: &LimitsDraft,
    ) -> Result<QuoteRequest, OrderingError> {
        let db = self.core.read();
        let subject = Subject::look_at(db, actor, draft.resource_id).await?;
        let today = subject.trade.buyer.today(&self.core);
        let (offering, plan) = (subject.resource.offering_id, &subject.trade.plan);
        let components = load_components(db, offering, Some(plan), today).await?;
        let mut asked = settled_limits(&components, &draft.limits, &subject.held);
        // Unknown codes are told as well.
        asked.extend(draft.limits.clone());
        Ok(subject
            .cost(&self.core, Occasion::ChangeLimits, components, asked)
            .request())
    }
}
