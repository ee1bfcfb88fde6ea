//! Orders that begin on a later day, against the days of their project.

use entity::order::{self, Column, Entity};
use model::{FieldFault, OrderState, ProjectId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Opening, StructureError};

impl Opening {
    /// Refuses days in which an order that is scheduled in the project could not begin, or could not last as it was ordered
    /// (`Invalid`, at the day at fault): it would be turned down on its first day, when nobody thinks of it.
    pub(super) async fn keep_scheduled<C: ConnectionTrait>(
        self,
        conn: &C,
        id: ProjectId,
    ) -> Result<(), StructureError> {
        let orders = Entity::find()
            .filter(Column::ProjectId.eq(id))
            .filter(Column::State.eq(OrderState::PendingStart))
            .order_by_asc(Column::StartDate)
            .order_by_asc(Column::Id)
            .all(conn)
            .await?;
        let fault = orders.iter().find_map(|order| self.fault(order));
        fault.map_or(Ok(()), |fault| Err(StructureError::Invalid(vec![fault])))
    }

    fn fault(self, order: &order::Model) -> Option<FieldFault> {
        let begins = order.start_date?;
        let ends = order.end_date.unwrap_or(begins).max(begins);
        let name = &order.resource_name;
        if self.first_day.is_some_and(|first| begins < first) {
            let day = begins.format("%-d %B %Y");
            let message = format!(
                "The order for {name} begins on {day}. Choose that day or an earlier one, or withdraw the order first."
            );
            return Some(FieldFault::at("start_date", "scheduled_order", message));
        }
        if self.last_day.is_some_and(|last| ends > last) {
            let day = ends.format("%-d %B %Y");
            let message = format!(
                "The order for {name}, which has not begun, lasts until {day}. Choose that day or a later one, or withdraw the order first."
            );
            return Some(FieldFault::at("end_date", "scheduled_order", message));
        }
        None
    }
}
