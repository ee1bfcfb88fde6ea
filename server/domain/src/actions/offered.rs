//! What can be done with a resource, and why not: what a page offers is what asking takes.

use entity::{offering, resource, resource_action};
use model::{
    Action, ActionAudience, ActionState, ConditionFacts, OfferedAction, Permission, PluginFacts,
    ResourceActions, ResourceId, ResourceState,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::listed::{self, tables_of};
use super::{ActionError, Actions};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::provisioning::ProvisioningError;
use crate::provisioning::facts::{may_see, target_of};

/// The most actions of one resource under way at once.
pub(super) const MOST_AT_ONCE: usize = 20;

impl Actions {
    /// What the actor can do with a resource now, and what its backend lists of it. Empty lists where its plugin, or its provider,
    /// declares nothing. Who may not see the resource is refused as for one that does not exist.
    pub async fn of_resource(
        &self,
        actor: &Actor,
        id: ResourceId,
        plugins: &[PluginFacts],
    ) -> Result<ResourceActions, ActionError> {
        let db = self.core.read();
        let found = resource::Entity::find_by_id(id).one(db).await?;
        let resource = found.ok_or(ProvisioningError::NotFound)?;
        may_see(actor, &target_of(&resource))?;
        let declared = Declared::of(db, &resource, plugins).await?;
        let is_there = resource.state != ResourceState::Terminated;
        let condition = declared.condition(&resource.condition).filter(|_| is_there);
        let inventory = if declared.lists_parts && is_there {
            let mut shown = listed::shown(db, id).await?;
            let may_list = may_ask(actor, ActionAudience::Users, &target_of(&resource));
            shown.can_list = may_list && resource.activated_at.is_some();
            Some(shown)
        } else {
            None
        };
        let under_way = under_way(db, id).await?;
        let tables = inventory
            .as_ref()
            .map(|parts| parts.tables.as_slice())
            .unwrap_or_default();
        let target = target_of(&resource);
        let mine = declared
            .actions
            .iter()
            .filter(|one| is_there && may_ask(actor, one.0.audience, &target));
        let actions = mine
            .map(|(action, by_hand)| OfferedAction {
                why_not: declared
                    .why_not(action, &resource, &under_way, tables)
                    .unwrap_or_default(),
                action: Action {
                    input: action.input_with(tables),
                    ..action.clone()
                },
                by_hand: *by_hand,
            })
            .collect();
        Ok(ResourceActions {
            is_usual: declared.is_usual(&resource.condition),
            condition,
            actions,
            inventory,
        })
    }
}

/// Whether somebody may ask for what is declared for `audience`: the provider's people for everything with what they provide.
pub(super) fn may_ask(actor: &Actor, audience: ActionAudience, target: &Target) -> bool {
    actor.may(audience.permission(), target) || actor.may(Permission::ManageResource, target)
}

/// Refused as [`may_ask`] says, with what is missing.
pub(super) fn check_may_ask(
    actor: &Actor,
    audience: ActionAudience,
    target: &Target,
) -> Result<(), AccessError> {
    let as_provider = authorize(actor, Permission::ManageResource, target);
    if as_provider.is_ok() {
        return Ok(());
    }
    match authorize(actor, audience.permission(), target) {
        // Their roles would do, so what their token lacks is told.
        Err(AccessError::Forbidden { .. })
            if matches!(as_provider, Err(AccessError::TokenTooNarrow { .. })) =>
        {
            as_provider
        }
        answer => answer,
    }
}

/// What is declared for the resources of an offering, and whether people do it.
pub(super) struct Declared {
    pub(super) actions: Vec<(Action, bool)>,
    conditions: Vec<ConditionFacts>,
    pub(super) lists_parts: bool,
}

impl Declared {
    /// What is declared for this resource. Nothing where this build has not its plugin.
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        resource: &resource::Model,
        plugins: &[PluginFacts],
    ) -> Result<Self, DbErr> {
        let offering = offering::Entity::find_by_id(resource.offering_id).one(db).await?;
        let plugin = offering
            .as_ref()
            .and_then(|offering| plugins.iter().find(|plugin| plugin.kind == offering.plugin));
        let (Some(offering), Some(plugin)) = (offering, plugin) else {
            return Ok(Self {
                actions: Vec::new(),
                conditions: Vec::new(),
                lists_parts: false,
            });
        };
        let of_plugin = plugin
            .actions
            .iter()
            .filter(|action| action.is_offered(&offering.settings));
        let mut actions: Vec<_> = of_plugin.map(|action| (action.clone(), false)).collect();
        let has_actions = !actions.is_empty();
        if plugin.takes_own_actions {
            actions.extend(offering.own_actions()?.into_iter().map(|action| (action, true)));
        }
        Ok(Self {
            actions,
            // Of what offers no action nobody would change it.
            conditions: if has_actions {
                plugin.conditions.clone()
            } else {
                Vec::new()
            },
            lists_parts: plugin.lists_parts
                && model::is_set(plugin.parts_offered_when.as_ref(), &offering.settings),
        })
    }

    /// The action with this key, and whether people do it.
    pub(super) fn find(&self, key: &str) -> Option<&(Action, bool)> {
        self.actions.iter().find(|(action, _)| action.key == key)
    }

    /// The condition that is stored as `code`; of one that its plugin does not know (any more), that of new resources.
    pub(super) fn condition(&self, code: &str) -> Option<ConditionFacts> {
        ConditionFacts::among(&self.conditions, code).cloned()
    }

    /// Whether that is the one in which resources are made.
    fn is_usual(&self, code: &str) -> bool {
        self.condition(code).as_ref() == self.conditions.first()
    }

    /// Why the action cannot be asked for now, as a sentence; none where it can.
    pub(super) fn why_not(
        &self,
        action: &Action,
        resource: &resource::Model,
        under_way: &[resource_action::Model],
        tables: &[model::InventoryTable],
    ) -> Option<String> {
        let condition = self.condition(&resource.condition);
        let code = condition
            .as_ref()
            .map(|condition| condition.code.as_str())
            .unwrap_or_default();
        if resource.activated_at.is_none() || !action.is_possible(resource.state, code) {
            // What failed to change is in a condition still.
            let is_in_use = resource.state == ResourceState::Ok
                || resource.state == ResourceState::Erred && resource.activated_at.is_some();
            let how_it_is = match &condition {
                Some(condition) if is_in_use => condition.label.to_lowercase(),
                _ => resource.state.label().to_lowercase(),
            };
            return Some(format!("It is {how_it_is}: this is not possible now."));
        }
        let alone = under_way.iter().find(|other| !other.beside_others);
        if let Some(other) = alone.filter(|_| !action.beside_others) {
            return Some(format!(
                "\u{201c}{}\u{201d} is under way. Wait until that has ended.",
                other.title
            ));
        }
        if under_way.len() >= MOST_AT_ONCE {
            return Some(
                "So many actions of this resource are under way that others have to wait.".to_owned(),
            );
        }
        let input = action.input_with(tables);
        let is_empty = |drawn: &model::ActionChoices| {
            let field = input.field(&drawn.field);
            field.is_some_and(|field| field.required && field.kind.choices().is_empty())
        };
        if action.choices.iter().any(is_empty) {
            return Some(
                "Its backend lists nothing that this could be done with. List the parts again.".to_owned(),
            );
        }
        None
    }
}

/// The actions of a resource that have not ended, the oldest first.
pub(super) async fn under_way(
    db: &impl ConnectionTrait,
    id: ResourceId,
) -> Result<Vec<resource_action::Model>, DbErr> {
    use resource_action::Column as C;
    resource_action::Entity::find()
        .filter(C::ResourceId.eq(id))
        .filter(C::State.is_in([ActionState::Waiting, ActionState::Running]))
        .order_by_asc(C::Id)
        .all(db)
        .await
}

/// The tables that fields of this action are drawn from; none where none is.
pub(super) async fn choices_of(
    db: &impl ConnectionTrait,
    action: &Action,
    id: ResourceId,
) -> Result<Vec<model::InventoryTable>, DbErr> {
    if action.choices.is_empty() {
        return Ok(Vec::new());
    }
    tables_of(db, id).await
}
