//! What an approved order sets off: the row of a new resource, or a resource on its way to change or end.

use entity::{order, resource};
use model::{EventKind, OrderKind, Progress, ResourceId, ResourceState, ResourceVerb};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Json;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QuerySelect};

use super::ProvisioningError;
use super::facts::{self, Fact, target_of, target_of_order};
use super::slug::free_slug;
use crate::access::Actor;
use crate::core::Core;
use crate::crypto::SealedIn;
use crate::text;

/// Begins what `order` asks for and answers the resource it is about. The order's row must be locked or new.
pub(crate) async fn begin_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: &order::Model,
) -> Result<ResourceId, ProvisioningError> {
    let verb = match order.kind {
        OrderKind::Create if order.resource_id.is_none() => return create(core, tx, actor, order).await,
        OrderKind::Create => ResourceVerb::RetryCreation,
        OrderKind::ChangeLimits | OrderKind::SwitchPlan | OrderKind::Renew => ResourceVerb::BeginUpdate,
        OrderKind::Terminate => ResourceVerb::BeginTermination,
    };
    let resource = lock(tx, order).await?;
    move_to(core, tx, actor, resource, verb).await
}

async fn create(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: &order::Model,
) -> Result<ResourceId, ProvisioningError> {
    let id = core.new_id(ResourceId);
    let slug = free_slug(tx, order.project_id, &order.resource_name, id).await?;
    let secrets = match &order.secrets {
        Some(sealed) => {
            let plain = core.cipher().open(sealed, SealedIn::of_order(order.id.0))?;
            Some(core.cipher().seal(&plain, SealedIn::of_resource(id.0))?)
        }
        None => None,
    };
    let row = resource::ActiveModel {
        id: Set(id),
        name: Set(order.resource_name.clone()),
        search_text: Set(text::search_text([order.resource_name.as_str(), &slug])),
        slug: Set(slug),
        state: Set(ResourceState::Creating),
        project_id: Set(order.project_id),
        organization_id: Set(order.organization_id),
        offering_id: Set(order.offering_id),
        provider_id: Set(order.provider_id),
        plan_id: Set(order.plan_id),
        order_id: Set(order.id),
        backend_id: Set(String::new()),
        access: Set(Json::Array(Vec::new())),
        attributes: Set(order.attributes.clone()),
        secrets: Set(secrets),
        limits: Set(order.limits.clone()),
        expected_use: Set(order.expected_use.clone()),
        end_date: Set(order.end_date),
        kept_until: Set(None),
        grace_used: Set(0),
        error: Set(String::new()),
        condition: Set(String::new()),
        progress: Set(no_progress()?),
        created_at: Set(core.now()),
        activated_at: Set(None),
        terminated_at: Set(None),
        usage_until: Set(None),
        usage_error: Set(String::new()),
    };
    resource::Entity::insert(row).exec_without_returning(tx).await?;
    let fact = Fact {
        verb: EventKind::ResourceRequested,
        before: None,
        after: ResourceState::Creating,
        reason: "",
    };
    facts::record(core, tx, actor, (id, target_of_order(order)), fact).await?;
    Ok(id)
}

async fn move_to(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    resource: resource::Model,
    verb: ResourceVerb,
) -> Result<ResourceId, ProvisioningError> {
    let (id, before) = (resource.id, resource.state);
    let after = before.after(verb)?;
    let subject = (id, target_of(&resource));
    let mut row = resource.into_active_model();
    row.state = Set(after);
    row.progress = Set(no_progress()?);
    if before == ResourceState::Ok {
        // An erred resource keeps its error until something succeeds; `apply_outcome::fail_in` relies on it.
        row.error = Set(String::new());
    }
    row.update(tx).await?;
    let name = match verb {
        ResourceVerb::BeginTermination => EventKind::ResourceTerminationBegun,
        ResourceVerb::RetryCreation => EventKind::ResourceCreationRetried,
        _ => EventKind::ResourceChangeBegun,
    };
    let fact = Fact {
        verb: name,
        before: Some(before),
        after,
        reason: "",
    };
    facts::record(core, tx, actor, subject, fact).await?;
    Ok(id)
}

/// The resource of an order, locked until the transaction ends.
pub(super) async fn lock(
    tx: &DatabaseTransaction,
    order: &order::Model,
) -> Result<resource::Model, ProvisioningError> {
    let id = order.resource_id.ok_or(ProvisioningError::NotFound)?;
    resource::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(ProvisioningError::NotFound)
}

pub(super) fn no_progress() -> Result<Json, sea_orm::DbErr> {
    entity::json::write("resources.progress", &Progress::default())
}
