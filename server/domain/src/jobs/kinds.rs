//! The kinds of jobs that follow from changes of the domain, a file each. The worker says how each is run.

mod list_parts;
mod provision_order;
mod render_invoice;
mod run_action;
mod set_limits;
mod sync_members;
mod tell_people;
mod tell_prices;
mod tell_webhook;
mod test_connection;

pub use list_parts::ListParts;
pub use provision_order::ProvisionOrder;
pub use render_invoice::RenderInvoice;
pub use run_action::RunAction;
pub use set_limits::SetLimits;
pub use sync_members::SyncMembers;
pub use tell_people::TellPeople;
pub use tell_prices::TellPrices;
pub use tell_webhook::{RetellWebhook, TellWebhook};
pub use test_connection::TestConnection;
