//! The jobs: a file each, which says how the job is run and, where nobody else makes it, what it is. A job says what became
//! of it; it never touches the queue itself.
//!
//! **Adding one**: a type that is a [`domain::jobs::Job`] (here, or in `domain::jobs::kinds` where a change of the domain makes
//! it), `impl Run` for it, and a line in [`Registry::all`]. What happens on a timer says so in [`run::Run::scheduled`].

mod accrue_open;
mod apply_due_dates;
mod collect_usage;
mod expire_orders;
mod inspect_backend;
mod list_parts;
mod provision_order;
mod reconcile_actions;
mod reconcile_limits;
mod reconcile_members;
mod reconcile_orders;
mod registry;
mod remind_approvers;
mod render_invoice;
mod requests;
mod run;
mod run_action;
mod schedule_inspections;
mod schedule_usage;
mod set_limits;
mod sweep;
mod sync_members;
mod tell_people;
mod tell_prices;
mod tell_webhook;
mod test_connection;

pub(crate) use self::registry::Registry;
pub(crate) use self::run::{Context, JobOutcome};
pub use self::{
    apply_due_dates::ApplyDueDates, reconcile_limits::ReconcileLimits, reconcile_members::ReconcileMembers,
    reconcile_orders::ReconcileOrders, schedule_inspections::ScheduleInspections,
    schedule_usage::ScheduleUsage,
};
