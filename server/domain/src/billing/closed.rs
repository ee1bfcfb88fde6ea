//! Which months of a buyer and a provider are closed. Months are closed in order, and use that is reported late stands on
//! the first month that is open: on one document, and on none that says it was used in a month of its own.

use chrono::{DateTime, Utc};
use entity::{closed_month, invoice, resource};
use model::{InvoiceState, Month};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect,
};

use super::Pair;
use crate::zone::Zone;

/// The last month that is closed, if any is.
pub(super) async fn through(db: &impl ConnectionTrait, pair: Pair) -> Result<Option<Month>, DbErr> {
    let row = closed_month::Entity::find_by_id((pair.buyer, pair.provider))
        .one(db)
        .await?;
    Ok(row.map(|row| row.through))
}

/// The first month after `closed` in which a resource lived or that has a document; none where there is neither.
pub(super) async fn first_open(
    db: &impl ConnectionTrait,
    pair: Pair,
    zone: &Zone,
    closed: Option<Month>,
) -> Result<Option<Month>, DbErr> {
    use resource::Column as R;
    let closed_until = closed.map(|month| zone.start_of(month.next().first_day()));
    let alive = Condition::any()
        .add(R::TerminatedAt.is_null())
        .add_option(closed_until.map(|end| R::TerminatedAt.gt(end)));
    let alive = if closed_until.is_some() {
        alive
    } else {
        Condition::all()
    };
    let first = resource::Entity::find()
        .select_only()
        .column_as(R::ActivatedAt.min(), "first")
        .filter(R::OrganizationId.eq(pair.buyer))
        .filter(R::ProviderId.eq(pair.provider))
        .filter(R::ActivatedAt.is_not_null())
        .filter(alive)
        .into_tuple::<Option<DateTime<Utc>>>()
        .one(db)
        .await?
        .flatten();
    let lived = first.map(|first| zone.month(closed_until.map_or(first, |end| end.max(first))));
    let drafted = invoice::Entity::find()
        .select_only()
        .column_as(invoice::Column::Month.min(), "month")
        .filter(invoice::Column::OrganizationId.eq(pair.buyer))
        .filter(invoice::Column::ProviderId.eq(pair.provider))
        .filter(invoice::Column::State.eq(InvoiceState::Open))
        .into_tuple::<Option<Month>>()
        .one(db)
        .await?
        .flatten();
    Ok(lived.into_iter().chain(drafted).min())
}

/// Notes that `month` and all before it are closed. The buyer must be locked.
pub(super) async fn remember_in(
    tx: &DatabaseTransaction,
    pair: Pair,
    month: Month,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    use closed_month::Column as C;
    let row = closed_month::Model {
        organization_id: pair.buyer,
        provider_id: pair.provider,
        through: month,
        closed_at: now,
    };
    let replace = OnConflict::columns([C::OrganizationId, C::ProviderId])
        .update_columns([C::Through, C::ClosedAt])
        .to_owned();
    closed_month::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(replace)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
