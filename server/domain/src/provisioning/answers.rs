//! Answers to request forms, as they are shown: by the form that they were given to, whatever the offering asks now.

use entity::{json, offering, order, resource};
use model::{DisplayRow, OrderId, OrderKind, Schema};
use sea_orm::prelude::Json;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, JoinType, QuerySelect, RelationTrait};

/// The answers that a resource was ordered with; secrets are not among them.
pub(super) async fn of_resource(
    db: &impl ConnectionTrait,
    resource: &resource::Model,
) -> Result<Vec<DisplayRow>, DbErr> {
    shown(db, resource.order_id, &resource.attributes).await
}

/// The answers of an order, as [`of_resource`]; of a change, those that its resource was ordered with.
pub(crate) async fn of_order(
    db: &impl ConnectionTrait,
    order: &order::Model,
) -> Result<Vec<DisplayRow>, DbErr> {
    let given_with = match order.resource_id.filter(|_| order.kind != OrderKind::Create) {
        None => None,
        Some(resource) => {
            let first = resource::Entity::find_by_id(resource)
                .select_only()
                .column(resource::Column::OrderId);
            first.into_tuple::<OrderId>().one(db).await?
        }
    };
    shown(db, given_with.unwrap_or(order.id), &order.attributes).await
}

/// The questions to which the answers of this order were given. Where they were not kept, those that the offering asks now.
pub(crate) async fn form_of(db: &impl ConnectionTrait, order: OrderId) -> Result<Schema, DbErr> {
    let forms: Option<(Option<Json>, Json)> = order::Entity::find_by_id(order)
        .select_only()
        .column(order::Column::RequestForm)
        .column_as(offering::Column::RequestForm, "present_form")
        .join(JoinType::InnerJoin, order::Relation::Offering.def())
        .into_tuple()
        .one(db)
        .await?;
    match forms {
        Some((Some(kept), _)) => json::read("orders.request_form", &kept),
        Some((None, present)) => json::read("offerings.request_form", &present),
        None => Ok(Schema::default()),
    }
}

async fn shown(
    db: &impl ConnectionTrait,
    given_with: OrderId,
    answers: &Json,
) -> Result<Vec<DisplayRow>, DbErr> {
    if answers.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(Vec::new());
    }
    Ok(form_of(db, given_with).await?.display_all(answers))
}
