//! Another last day for a resource of which nothing is paid up front. It costs nothing by itself and no backend is asked,
//! so it is no order: whoever may order may do it, and it is written down.

use chrono::NaiveDate;
use model::{EventKind, ResourceId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::json;

use crate::access::Actor;
use crate::audit::{self, Event};
use crate::check::Check;
use crate::ordering::check::end;
use crate::ordering::place::ordered_resource::OrderedResource;
use crate::ordering::{Ordering, OrderingError};
use crate::provisioning::facts::target_of;
use crate::provisioning::lifetime::{Around, resume_in};
use crate::provisioning::{is_end_movable, mark};
use crate::structure::End;

impl Ordering {
    /// Sets the last day, or removes it. Refused where the resource has a term (it is renewed instead), is being ended or
    /// gone, and where the day is over or lies after the project's; and, after [`Ordering::at_state`], where the resource
    /// is not in that state. A resource that had stopped goes on from now.
    pub async fn change_end(
        &self,
        actor: &Actor,
        id: ResourceId,
        last_day: Option<NaiveDate>,
    ) -> Result<(), OrderingError> {
        let core = &self.core;
        let tx = core.write_tx().await?;
        let ordered = OrderedResource::load(&tx, actor, id).await?;
        let (resource, buyer) = (&ordered.resource, &ordered.parties.buyer);
        if self.expected.as_ref().is_some_and(|seen| *seen != mark(resource)) {
            return Err(OrderingError::ChangedMeanwhile);
        }
        let today = buyer.today(core);
        if !is_end_movable(resource.state) {
            return Err(OrderingError::NotOrderable(format!(
                "{} is being ended or gone, so its last day stays.",
                resource.name
            )));
        }
        let offer = ordered.offer(core, &*tx).await?;
        if offer.components.iter().any(|component| component.terms.prepaid) {
            return Err(OrderingError::NotOrderable(format!(
                "{} is paid up front for a term. Renew it to extend it, or terminate it to end it sooner.",
                resource.name
            )));
        }
        buyer.check_open(today)?;
        let mut check = Check::default();
        let project_end = buyer.project.end_date;
        check.extend(model::end_fault(
            "last_day",
            last_day,
            (today, today),
            project_end,
        ));
        end(check)?;
        if last_day == resource.end_date {
            return Ok(());
        }
        let around = Around::load(&*tx, resource).await?;
        if End::of(last_day, around.project_end).is_none_or(|end| !end.is_over(today)) {
            resume_in(core, &*tx, &around, resource).await?;
        }
        let event = Event::new(actor, EventKind::ResourceEndChanged, id.0)
            .on(target_of(resource))
            .before(json!({ "end_date": resource.end_date }))
            .after(json!({ "end_date": last_day }));
        audit::record_in(core, &tx, event).await?;
        let mut row = ordered.resource.into_active_model();
        row.end_date = Set(last_day);
        row.update(&*tx).await?;
        Ok(tx.commit().await?)
    }
}
