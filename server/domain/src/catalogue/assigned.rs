//! Backends that providers may use: who runs the portal assigns them and takes them away. What a plugin wants assigned comes from
//! the caller, as its settings do; the rule that compares the two is `model::first_unassigned`.

use entity::assigned_backend::{ActiveModel, Column, Entity, Model};
use entity::{offering, organization};
use model::{
    AssignedBackend, AssignedBackendId, EventKind, FieldFault, NamedOffering, OfferingId, OrganizationId,
    Permission, PluginFacts, first_unassigned,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, ModelTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::{Map, Value as Json, json};

use super::plugin::{PluginChoice, SentValues, assigned_in, parse};
use super::{Catalogue, CatalogueError};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::audit::{self, Event};

/// What an offering of a provider names.
#[derive(FromQueryResult)]
struct Named {
    id: OfferingId,
    name: String,
    plugin: String,
    settings: Json,
}

impl Catalogue {
    /// All that is assigned to a provider, in the order in which it was, each with the offerings whose settings it allows. Of a
    /// plugin that is not among `plugins` no offerings are told. For those who see the provider's offerings being prepared;
    /// everybody else is refused (`Access`).
    pub async fn assigned_backends(
        &self,
        actor: &Actor,
        provider: OrganizationId,
        plugins: &[PluginFacts],
    ) -> Result<Vec<AssignedBackend>, CatalogueError> {
        authorize(actor, Permission::ViewOffering, &Target::provider(provider))?;
        let db = self.core.read();
        let rows = Entity::find_of_provider(provider).all(db).await?;
        let offerings: Vec<Named> = offering::Entity::find_of_provider(provider)
            .select_only()
            .columns([
                offering::Column::Id,
                offering::Column::Name,
                offering::Column::Plugin,
                offering::Column::Settings,
            ])
            .order_by_asc(offering::Column::Name)
            .order_by_asc(offering::Column::Id)
            .into_model()
            .all(db)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let plugin = plugins.iter().find(|plugin| plugin.kind == row.plugin);
                let own = offerings
                    .iter()
                    .filter(|offering| plugin.is_some_and(|plugin| allows(&row, plugin, offering)));
                let offerings = own
                    .map(|offering| NamedOffering {
                        id: offering.id,
                        name: offering.name.clone(),
                    })
                    .collect();
                told(row, offerings)
            })
            .collect())
    }

    /// One of [`Catalogue::assigned_backends`]; `NotFound` where it is not the provider's.
    pub async fn assigned_backend(
        &self,
        actor: &Actor,
        provider: OrganizationId,
        id: AssignedBackendId,
        plugins: &[PluginFacts],
    ) -> Result<AssignedBackend, CatalogueError> {
        let all = self.assigned_backends(actor, provider, plugins).await?;
        let found = all.into_iter().find(|one| one.id == id);
        Ok(found.ok_or(AccessError::NotFound)?)
    }

    /// What the settings of an offering may name with this plugin: what is assigned to its provider. For those who see the
    /// offering being prepared, and for the worker; everybody else is refused (`Access`).
    pub async fn assigned_to_offering(
        &self,
        actor: &Actor,
        id: OfferingId,
        plugin: &str,
    ) -> Result<Vec<Json>, CatalogueError> {
        let db = self.core.read();
        let provider: Option<OrganizationId> = offering::Entity::find_by_id(id)
            .select_only()
            .column(offering::Column::ProviderId)
            .into_tuple()
            .one(db)
            .await?;
        let provider = provider.ok_or(AccessError::NotFound)?;
        authorize(actor, Permission::ViewOffering, &Target::offering(provider, id))?;
        Ok(assigned_in(db, provider, plugin).await?)
    }

    /// Assigns a backend to a provider; for staff. Refused for others (`Access`), and what cannot be taken (`Invalid`): an
    /// organization that does not sell, a plugin of which nothing has to be assigned, settings at fault, and what is assigned already.
    pub async fn assign_backend(
        &self,
        actor: &Actor,
        provider: OrganizationId,
        choice: &PluginChoice,
        sent: SentValues,
    ) -> Result<AssignedBackendId, CatalogueError> {
        authorize(actor, Permission::ManageBackend, &Target::provider(provider))?;
        if choice.assigned.is_empty() {
            let message = "Nothing of this plugin has to be assigned.";
            return Err(at_fault("plugin", "nothing_to_assign", message));
        }
        let settings = parse(&choice.assigned, sent, &Map::new())?.to_json();
        let tx = self.core.write_tx().await?;
        // Locked, so that the same is not assigned twice at once.
        let seller = organization::Entity::find_by_id(provider)
            .lock_exclusive()
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        if !seller.is_provider {
            let message = "This organization does not sell. Make it a provider first.";
            return Err(at_fault("provider", "not_a_provider", message));
        }
        let assigned = assigned_in(&*tx, provider, &choice.kind).await?;
        if assigned.iter().any(|one| allows_the_same(one, &settings)) {
            let first = choice.assigned.fields.first();
            let path = first.map_or_else(
                || "settings".to_owned(),
                |field| format!("settings.{}", field.key),
            );
            return Err(at_fault(
                &path,
                "already_assigned",
                "This is assigned to the provider already.",
            ));
        }
        let id = self.core.new_id(AssignedBackendId);
        let row = ActiveModel {
            id: Set(id),
            provider_id: Set(provider),
            plugin: Set(choice.kind.clone()),
            settings: Set(settings.clone()),
            assigned_at: Set(self.core.now()),
        };
        row.insert(&*tx).await?;
        let event = event(actor, provider, EventKind::OrganizationBackendAssigned)
            .after(json!({ "plugin": choice.kind, "settings": settings }));
        audit::record_in(&self.core, &tx, event).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes an assigned backend away from a provider; for staff. What runs on it goes on; orders that make or change something
    /// there fail and say why. Refused for others (`Access`); `NotFound` where it is not the provider's.
    pub async fn withdraw_backend(
        &self,
        actor: &Actor,
        provider: OrganizationId,
        id: AssignedBackendId,
    ) -> Result<(), CatalogueError> {
        authorize(actor, Permission::ManageBackend, &Target::provider(provider))?;
        let tx = self.core.write_tx().await?;
        let row = Entity::find_by_id(id)
            .filter(Column::ProviderId.eq(provider))
            .lock_exclusive()
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        let event = event(actor, provider, EventKind::OrganizationBackendWithdrawn)
            .before(json!({ "plugin": row.plugin, "settings": row.settings }));
        audit::record_in(&self.core, &tx, event).await?;
        row.delete(&*tx).await?;
        Ok(tx.commit().await?)
    }
}

fn allows(row: &Model, plugin: &PluginFacts, offering: &Named) -> bool {
    offering.plugin == row.plugin
        && first_unassigned(
            &plugin.settings,
            &plugin.assigned,
            &offering.settings,
            &[&row.settings],
        )
        .is_none()
}

fn told(row: Model, offerings: Vec<NamedOffering>) -> AssignedBackend {
    AssignedBackend {
        id: row.id,
        provider_id: row.provider_id,
        plugin: row.plugin,
        settings: row.settings,
        assigned_at: row.assigned_at,
        offerings,
    }
}

/// Seen in the history of the organization and by the people of its selling side.
fn event(actor: &Actor, provider: OrganizationId, verb: EventKind) -> Event<'_> {
    Event::new(actor, verb, provider.0).on(Target {
        organization: Some(provider),
        ..Target::provider(provider)
    })
}

fn at_fault(path: &str, code: &str, message: &str) -> CatalogueError {
    CatalogueError::Invalid(vec![FieldFault::at(path, code, message)])
}

/// Whether two backends allow the same: in lists of what may be used the order says nothing.
fn allows_the_same(one: &Json, other: &Json) -> bool {
    let sorted = |settings: &Json| {
        let mut settings = settings.clone();
        let lists = settings
            .as_object_mut()
            .into_iter()
            .flat_map(|all| all.values_mut());
        for list in lists.filter_map(Json::as_array_mut) {
            list.sort_by_key(ToString::to_string);
        }
        settings
    };
    sorted(one) == sorted(other)
}
