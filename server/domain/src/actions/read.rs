//! Reading what was asked for and what became of it.

use entity::{resource, resource_action, user};
use model::{
    ActionId, ActionState, OrganizationId, Page, PageRequest, Permission, ResourceAction, ResourceId,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationTrait, Select,
};

use super::by_hand::see;
use super::offered::{check_may_ask, may_ask};
use super::{ActionError, Actions, told};
use crate::access::{Actor, Columns, Visible};
use crate::page;

/// Which actions are wanted; an empty filter wants all that the actor may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActionFilter {
    /// Of this resource.
    pub resource: Option<ResourceId>,
    /// Of resources of this provider that the actor looks after.
    pub sold_by: Option<OrganizationId>,
    /// In one of these states; empty: in any.
    pub states: Vec<ActionState>,
    /// Only those that people do.
    pub by_hand: bool,
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    action: resource_action::Model,
    resource_name: String,
    asked_by_name: Option<String>,
}

impl Actions {
    /// Actions that were asked for, the newest first. One query, whatever the number of rows.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &ActionFilter,
        request: &PageRequest,
    ) -> Result<Page<ResourceAction>, ActionError> {
        let seen = Visible::of_any(
            actor,
            &[Permission::ViewProject, Permission::ViewOffering],
            columns(),
        );
        let query = narrowed(select().filter(seen), actor, filter);
        let rows = page::newest_first(query, resource_action::Column::Id, request)?;
        let rows = rows.into_model::<Row>().all(self.core.read()).await?;
        let cut = page::cut(rows, request, |row| vec![row.action.id.to_string()]);
        let items: Result<Vec<_>, _> = cut.items.into_iter().map(|row| shown(actor, row)).collect();
        Ok(Page {
            items: items?,
            next: cut.next,
        })
    }

    /// The last `most` actions that were asked for of a resource, the newest first; none where the actor may not see it.
    pub async fn last_of(
        &self,
        actor: &Actor,
        id: ResourceId,
        most: u32,
    ) -> Result<Vec<ResourceAction>, ActionError> {
        let filter = ActionFilter {
            resource: Some(id),
            ..ActionFilter::default()
        };
        let request = PageRequest {
            cursor: None,
            limit: most,
        };
        Ok(self.list(actor, &filter, &request).await?.items)
    }

    /// One action, as is answered to who has just asked for it or ended it: a token that may do that need not be one for reading.
    /// Refused for who may do neither.
    pub async fn answered(&self, actor: &Actor, id: ActionId) -> Result<ResourceAction, ActionError> {
        let row = self.row(id).await?;
        check_may_ask(actor, row.action.audience, &told::target_of(&row.action))?;
        shown(actor, row)
    }

    /// One action. Who may not see its resource is refused as for one that does not exist.
    pub async fn one(&self, actor: &Actor, id: ActionId) -> Result<ResourceAction, ActionError> {
        let row = self.row(id).await?;
        see(actor, &row.action)?;
        shown(actor, row)
    }

    async fn row(&self, id: ActionId) -> Result<Row, ActionError> {
        let found = select().filter(resource_action::Column::Id.eq(id));
        let row = found.into_model::<Row>().one(self.core.read()).await?;
        row.ok_or(ActionError::NotFound)
    }
}

fn select() -> Select<resource_action::Entity> {
    resource_action::Entity::find()
        .join(JoinType::InnerJoin, resource_action::Relation::Resource.def())
        .join(JoinType::LeftJoin, resource_action::Relation::Asker.def())
        .column_as(resource::Column::Name, "resource_name")
        .column_as(user::Column::Name, "asked_by_name")
}

fn columns() -> Columns<resource_action::Column> {
    use resource_action::Column as C;
    Columns {
        organization: Some(C::OrganizationId),
        project: Some(C::ProjectId),
        provider: Some(C::ProviderId),
        offering: Some(C::OfferingId),
    }
}

fn narrowed(
    mut query: Select<resource_action::Entity>,
    actor: &Actor,
    filter: &ActionFilter,
) -> Select<resource_action::Entity> {
    use resource_action::Column as C;
    if let Some(resource) = filter.resource {
        query = query.filter(C::ResourceId.eq(resource));
    }
    if let Some(provider) = filter.sold_by {
        query = query
            .filter(C::ProviderId.eq(provider))
            .filter(Visible::of(actor, Permission::ManageResource).filter(columns()));
    }
    if !filter.states.is_empty() {
        query = query.filter(C::State.is_in(filter.states.iter().copied()));
    }
    if filter.by_hand {
        query = query.filter(C::ByHand.eq(true));
    }
    query
}

fn shown(actor: &Actor, row: Row) -> Result<ResourceAction, ActionError> {
    let Row {
        action,
        resource_name,
        asked_by_name,
    } = row;
    let target = told::target_of(&action);
    let waits = action.state == ActionState::Waiting;
    Ok(ResourceAction {
        input: action.asked()?.display_all(&action.input),
        progress: action.progress_made()?,
        output: action.given_back()?,
        can_withdraw: waits && may_ask(actor, action.audience, &target),
        can_finish: waits && action.by_hand && actor.may(Permission::ManageResource, &target),
        id: action.id,
        resource_id: action.resource_id,
        resource_name,
        key: action.key,
        title: action.title,
        state: action.state,
        by_hand: action.by_hand,
        asked_by: asked_by_name.unwrap_or_else(|| Actor::system().name),
        asked_at: action.asked_at,
        ended_at: action.ended_at,
        message: action.message,
    })
}
