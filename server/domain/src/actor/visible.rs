//! The set of scopes in which an actor holds a permission, as a filter for lists.

use model::{OfferingId, OrganizationId, Permission, ProjectId, Scope};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use super::{Actor, Reach};

/// Where an actor holds a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visible {
    /// Everywhere.
    All,
    /// On these only. All four empty: nowhere.
    Only {
        /// Buying organizations.
        organizations: Vec<OrganizationId>,
        /// Projects.
        projects: Vec<ProjectId>,
        /// Selling organizations.
        providers: Vec<OrganizationId>,
        /// Offerings.
        offerings: Vec<OfferingId>,
    },
}

/// The columns of a table that say where a row lives; a table has some of them.
#[derive(Debug, Clone, Copy)]
pub struct Columns<C> {
    /// The buying organization.
    pub organization: Option<C>,
    /// The project.
    pub project: Option<C>,
    /// The selling organization.
    pub provider: Option<C>,
    /// The offering.
    pub offering: Option<C>,
}

impl<C> Default for Columns<C> {
    fn default() -> Self {
        Self {
            organization: None,
            project: None,
            provider: None,
            offering: None,
        }
    }
}

impl Visible {
    /// Where `actor` holds `permission`.
    pub fn of(actor: &Actor, permission: Permission) -> Self {
        let (mut organizations, mut projects, mut providers, mut offerings) =
            (vec![], vec![], vec![], vec![]);
        let reach = Reach::of(permission);
        if actor.token_allows(permission) {
            for grant in actor.grants.iter().filter(|grant| grant.role.allows(permission)) {
                match grant.scope {
                    Scope::System => return Self::All,
                    Scope::Organization(id) => {
                        organizations.extend(reach.buyer().then_some(id));
                        providers.extend(reach.seller().then_some(id));
                    }
                    Scope::Project(id) => projects.extend(reach.buyer().then_some(id)),
                    Scope::Provider(id) => providers.extend(reach.seller().then_some(id)),
                    Scope::Offering(id) => offerings.extend(reach.seller().then_some(id)),
                }
            }
        }
        Self::Only {
            organizations,
            projects,
            providers,
            offerings,
        }
    }

    /// The condition "the actor holds one of these permissions where the row lives"; empty where that is everywhere.
    pub(crate) fn of_any<C: ColumnTrait>(
        actor: &Actor,
        permissions: &[Permission],
        columns: Columns<C>,
    ) -> Condition {
        let seen = permissions.iter().map(|permission| Self::of(actor, *permission));
        let seen: Vec<Self> = seen.collect();
        if seen.contains(&Self::All) {
            return Condition::all();
        }
        let conditions = seen.iter().filter_map(|one| one.members(columns));
        let any = conditions.fold(Condition::any(), Condition::add);
        // An `OR` without members would be true.
        if any.is_empty() { nothing() } else { any }
    }

    /// Nowhere at all.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::All => false,
            Self::Only {
                organizations,
                projects,
                providers,
                offerings,
            } => {
                organizations.is_empty()
                    && projects.is_empty()
                    && providers.is_empty()
                    && offerings.is_empty()
            }
        }
    }

    /// The condition "the row lives in one of these scopes". Columns that a table lacks let nothing through.
    pub fn filter<C: ColumnTrait>(&self, columns: Columns<C>) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Only { .. } => self.members(columns).unwrap_or_else(nothing),
        }
    }

    /// What of the columns is named; none where nothing is. A constant beside them would keep SQLite from using their indexes.
    fn members<C: ColumnTrait>(&self, columns: Columns<C>) -> Option<Condition> {
        let Self::Only {
            organizations,
            projects,
            providers,
            offerings,
        } = self
        else {
            return None;
        };
        let members = [
            columns
                .organization
                .and_then(|column| one_of(column, organizations)),
            columns.project.and_then(|column| one_of(column, projects)),
            columns.provider.and_then(|column| one_of(column, providers)),
            columns.offering.and_then(|column| one_of(column, offerings)),
        ];
        let any = members
            .into_iter()
            .flatten()
            .fold(Condition::any(), Condition::add);
        (!any.is_empty()).then_some(any)
    }
}

/// Lets nothing through.
fn nothing() -> Condition {
    Condition::any().add(Expr::value(false))
}

/// The column is one of these; none where there are none.
fn one_of<C: ColumnTrait, I: Copy + Into<sea_orm::Value>>(column: C, ids: &[I]) -> Option<SimpleExpr> {
    (!ids.is_empty()).then(|| column.is_in(ids.iter().copied()))
}
