//! What somebody may order for a resource now: what a page offers is what placing takes.

use chrono::NaiveDate;
use entity::resource;
use model::{Extension, OfferingState, OrderId, OrderState, Permission, ResourceState};

use super::facts::target_of;
use crate::access::{Actor, Target};
use crate::structure::{End, Opening};

/// What decides beside the resource and its viewer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Situation {
    pub(super) open_order: Option<OrderId>,
    /// Where it stands.
    pub(super) open_order_state: Option<OrderState>,
    pub(super) offering: OfferingState,
    pub(super) opening: Opening,
    pub(super) today: NaiveDate,
    /// Its last day is over.
    pub(super) is_over: bool,
    pub(super) has_limits: bool,
    /// Another plan is sold.
    pub(super) has_other_plan: bool,
    pub(super) extension: Extension,
}

/// What the viewer may order for the resource now.
#[derive(Debug)]
pub(super) struct Powers {
    pub(super) can_change_limits: bool,
    pub(super) can_switch_plan: bool,
    pub(super) can_terminate: bool,
    pub(super) why_not: String,
}

impl Powers {
    pub(super) fn of(actor: &Actor, resource: &resource::Model, now: Situation) -> Self {
        let state = resource.state;
        let target = target_of(resource);
        let may = actor.may(Permission::PlaceOrder, &target);
        // Who does not buy there misses no order form.
        let is_buyer = actor.may(Permission::ViewProject, &target);
        let why_not = if !may && !is_buyer {
            ""
        } else if !may {
            "Your role does not include ordering in this project."
        } else if state == ResourceState::Terminated {
            "This resource has ended."
        } else if now.open_order_state == Some(OrderState::Erred) {
            "An order for this resource failed and is still open. Try it again or withdraw it first."
        } else if now.open_order.is_some() {
            "An order for this resource is open. Wait until it is done; until work on it begins, it can be withdrawn."
        } else if !state.can_terminate() {
            "Wait until the present work on this resource is done."
        } else if !can_be_changed(resource) {
            "Its creation failed. Its order can be tried again; where that is of no use, terminate it."
        } else if now.is_over {
            "Its last day is over. Extend it first."
        } else if !now.has_limits {
            "This offering has no limits to change."
        } else {
            ""
        };
        let free = may && now.open_order.is_none();
        let changeable = free && !now.is_over && can_be_changed(resource);
        let sold = now.offering == OfferingState::Active && now.opening.check(now.today).is_ok();
        Self {
            can_change_limits: changeable && now.has_limits,
            can_switch_plan: changeable && sold && now.has_other_plan,
            can_terminate: free && state.can_terminate(),
            why_not: why_not.to_owned(),
        }
    }
}

/// Whether the viewer can do now what moves the last day of the resource.
pub(super) fn can_extend(actor: &Actor, resource: &resource::Model, now: &Situation) -> bool {
    let extending = Extending {
        target: target_of(resource),
        state: resource.state,
        was_in_use: resource.activated_at.is_some(),
        has_open_order: now.open_order.is_some(),
        offering: now.offering,
        opening: now.opening,
    };
    extending.is_possible(actor, now.extension, now.today)
}

/// A resource that is to last longer.
#[derive(Debug, Clone)]
pub(crate) struct Extending {
    pub(crate) target: Target,
    pub(crate) state: ResourceState,
    pub(crate) was_in_use: bool,
    pub(crate) has_open_order: bool,
    pub(crate) offering: OfferingState,
    pub(crate) opening: Opening,
}

impl Extending {
    /// Whether the actor can do now what moves the last day.
    pub(crate) fn is_possible(&self, actor: &Actor, how: Extension, today: NaiveDate) -> bool {
        let may = |permission| actor.may(permission, &self.target);
        let is_open = self.opening.check(today).is_ok();
        match how {
            Extension::Renew => {
                let changeable = is_changeable(self.state, self.was_in_use);
                let renewable = self.offering != OfferingState::Archived;
                may(Permission::PlaceOrder) && !self.has_open_order && renewable && changeable && is_open
            }
            Extension::ChangeEnd => may(Permission::PlaceOrder) && is_end_movable(self.state) && is_open,
            Extension::ChangeProject => {
                may(Permission::EditProject) && self.state != ResourceState::Terminated
            }
        }
    }
}

/// What moves the last day: nothing lasts longer than its project, so where it ends with that, or the shortest term would
/// not fit into it, the project comes first. `shortest` is the last day of the shortest term that would be added; none where
/// nothing is paid up front.
pub(crate) fn extension(
    end: Option<End>,
    project_end: Option<NaiveDate>,
    is_prepaid: bool,
    shortest: Option<NaiveDate>,
) -> Extension {
    let ends_with_project = end.is_some_and(|end| end.is_with(project_end));
    let is_too_long = project_end.is_some_and(|end| shortest.is_some_and(|last| last > end));
    if ends_with_project || is_too_long {
        Extension::ChangeProject
    } else if is_prepaid {
        Extension::Renew
    } else {
        Extension::ChangeEnd
    }
}

/// Whether orders may change the resource.
pub(crate) fn can_be_changed(resource: &resource::Model) -> bool {
    is_changeable(resource.state, resource.activated_at.is_some())
}

/// A resource whose creation failed never was in use: there is nothing to change.
fn is_changeable(state: ResourceState, was_in_use: bool) -> bool {
    state.can_change() && was_in_use
}

/// A resource that is being ended, or is gone, has no last day to choose any more.
pub(crate) fn is_end_movable(state: ResourceState) -> bool {
    !matches!(state, ResourceState::Terminating | ResourceState::Terminated)
}
