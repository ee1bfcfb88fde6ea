//! What can go wrong with invoices.

use model::{Kind, Money, Month, PriceAtFault, PricingError, Problem, ResourceId};
use sea_orm::DbErr;

use crate::access::AccessError;
use crate::catalogue::CatalogueError;
use crate::db_error::db_problem;
use crate::page::BadCursor;
use crate::zone::UnknownZone;

/// A refusal or failure around invoices.
#[derive(Debug, thiserror::Error)]
pub enum BillingError {
    /// The month goes on, in the billing time zone of at least one buyer.
    #[error("{month} is not over yet for {organization}")]
    MonthNotOver {
        /// The month.
        month: Month,
        /// A buyer for whom it goes on.
        organization: String,
    },
    /// A charge of a resource cannot be computed.
    #[error("the charges of {resource} cannot be computed")]
    Unpriceable {
        /// Name of the resource.
        resource: String,
        /// Why.
        source: PricingError,
        /// The price at fault, where it is one.
        price: Option<PriceAtFault>,
    },
    /// A correction of a price would have changed a month that is closed.
    #[error("{month} of {organization} is closed")]
    MonthClosed {
        /// The month.
        month: Month,
        /// The buyer.
        organization: String,
    },
    /// A correction of a price reaches more closed months than can be compared with what was issued.
    #[error("too many months are closed since then")]
    TooManyClosed,
    /// The catalogue refused.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// Something is paid up front, but has no term.
    #[error("{resource} is paid up front but has no term")]
    NoEndDate {
        /// Name of the resource.
        resource: String,
    },
    /// The sums of a document are beyond what can be stored.
    #[error("the sums of the invoice are too large")]
    TooLarge(#[source] PricingError),
    /// The sums of the documents of a month are beyond what can be stored. The largest line is named, where there is most to
    /// correct.
    #[error("the sums of the invoice are too large, mostly by {} of {}", .0.component, .0.resource)]
    TooLargeBy(Box<LargestLine>),
    /// The buyer's or the provider's time zone does not exist.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The cursor of a page is not one of ours.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// Access was refused.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

/// The largest line of a document whose sums are too large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LargestLine {
    /// The resource that it charges.
    pub resource_id: ResourceId,
    /// Name of the resource.
    pub resource: String,
    /// What the line charges, in its own words.
    pub component: String,
    /// What it comes to, net.
    pub amount: Money,
    /// The price that it is charged by, where it has one.
    pub price: Option<PriceAtFault>,
}

impl BillingError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::MonthNotOver { month, organization } => Problem::plain(
                Kind::Conflict,
                "month_not_over",
                format!(
                    "{} is not over yet for {organization}. Close it when the next month has begun.",
                    month.title()
                ),
            ),
            Self::MonthClosed { month, organization } => Problem::plain(
                Kind::Conflict,
                "month_closed",
                format!(
                    "The charges of {organization} for {} would be others with this price, and that month is closed. What was issued stays. Correct the price from a day on which that month was over for {organization}, too, whose days may begin later than yours, and settle what was charged before with {organization} directly.",
                    month.title()
                ),
            ),
            Self::TooManyClosed => Problem::plain(
                Kind::Conflict,
                "too_many_closed",
                "So many months of its buyers are closed since that day that they cannot all be compared with what was issued. Correct the price from the first day of the month that is open, and settle what was charged before with each buyer directly.",
            ),
            Self::Catalogue(error) => error.problem(),
            Self::Unpriceable { resource, source, .. } => Problem::plain(
                Kind::Conflict,
                "unpriceable",
                format!(
                    "The charges of “{resource}” cannot be computed: {source}. Correct its prices, then close again."
                ),
            ),
            Self::NoEndDate { resource } => Problem::plain(
                Kind::Conflict,
                "no_end_date",
                format!(
                    "“{resource}” is paid up front but has no term. Whoever orders for its project can renew it on its page, which gives it one; then close again."
                ),
            ),
            Self::TooLarge(source) => Problem::plain(
                Kind::Conflict,
                "amount_too_large",
                format!("The invoice cannot be computed: {source}."),
            ),
            Self::TooLargeBy(line) => Problem::plain(
                Kind::Conflict,
                "amount_too_large",
                format!(
                    "The invoice cannot be computed: the amount is too large to be billed. Its largest line is {} of “{}”, {}. Correct the use that was reported or its price, then close again.",
                    line.component, line.resource, line.amount
                ),
            ),
            Self::Zone(error) => error.problem(),
            Self::Cursor(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Db(error) => db_problem(error),
        }
    }
}
