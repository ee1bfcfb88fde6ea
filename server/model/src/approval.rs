//! Who must agree to an order: rules that people write, the steps that they make of an order, and deputies.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ApprovalRuleId, CategoryId, Currency, Money, OfferingId, OrderKind, Permission, ProjectId, Role, Scope,
    Side, UserId, Verdict, text_enum,
};

/// The most rules of one place.
pub const MOST_APPROVAL_RULES: usize = 50;
/// The most people that a step can ask for.
pub const MOST_APPROVALS: u16 = 5;
/// The longest that a step can wait for a decision, in days; also how long one waits where nothing else is said.
pub const LONGEST_STEP_DAYS: u16 = 30;
/// The longest that an order can wait for all its steps together, in days: prices that are published already are told and
/// committed to for a year after that.
pub const LONGEST_WAIT_DAYS: u16 = 60;
/// After how many days those who are asked are reminded, where nothing else is said.
pub const USUAL_REMINDER_DAYS: u16 = 7;

text_enum! {
    /// Where a step of an approval stands.
    StepState {
        /// Another step comes first.
        Later = "later", "Not asked yet";
        /// Somebody is asked now.
        Open = "asked", "Asked now";
        /// As many as were needed have approved.
        Approved = "approved", "Approved";
        /// Somebody has refused.
        Rejected = "rejected", "Rejected";
        /// Nobody had to be asked.
        Skipped = "skipped", "No approval needed";
        /// The order ended before anybody decided on this step.
        Dropped = "dropped", "Not decided";
    }
}

text_enum! {
    /// Whom a step asks.
    Asked {
        /// Whoever may approve orders on that side.
        Usual = "usual", "Whoever may approve";
        /// Whoever may approve orders on that side whatever they commit to.
        Unlimited = "unlimited", "Whoever may approve without limit";
        /// Those who hold one of some roles.
        Roles = "roles", "Roles";
        /// People by name.
        People = "people", "People by name";
    }
}

text_enum! {
    /// What a rule does with an order that it fits.
    RuleAction {
        /// Somebody must agree.
        Ask = "ask", "Ask";
        /// Nobody else of that side is asked.
        Skip = "skip", "Ask nobody else";
        /// The order is not taken.
        Refuse = "refuse", "Refuse";
    }
}

/// When a rule fits. What is left out is not looked at, so a rule without conditions fits every order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RuleConditions {
    /// The order asks for one of these; empty: for anything.
    pub kinds: Vec<OrderKind>,
    /// It commits to more than this. An amount in another currency is always more.
    pub commits_over: Option<Money>,
    /// It commits to no more than this. An amount in another currency never is.
    pub commits_up_to: Option<Money>,
    /// What is ordered is in one of these categories; empty: in any.
    pub categories: Vec<CategoryId>,
    /// One of these offerings is ordered; empty: any.
    pub offerings: Vec<OfferingId>,
    /// Whoever places it holds one of these roles on the side whose decision the rule is about; empty: whatever they hold.
    pub placed_by: Vec<Role>,
}

/// What a rule does with an order that it fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum RuleEffect {
    /// Somebody must agree; the rules below are read as well, unless this is the last step.
    Ask(Ask),
    /// Nobody else of that side is asked: no rule below is read. Not for rules of a project, which may only ask for more than
    /// its organization does.
    Skip,
    /// The order is not taken; whoever places it reads why. Never fits the end of a resource: that is always possible.
    Refuse {
        /// Why, in words of whoever made the rule: 1 to 500 characters.
        reason: String,
    },
}

impl RuleEffect {
    /// What it does, without how.
    pub fn action(&self) -> RuleAction {
        match self {
            Self::Ask(_) => RuleAction::Ask,
            Self::Skip => RuleAction::Skip,
            Self::Refuse { .. } => RuleAction::Refuse,
        }
    }
}

/// Whom a step asks, how many of them, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Whom.
    pub who: Approvers,
    /// How many different people must agree: 1 to 5.
    #[serde(default = "one")]
    pub count: u16,
    /// Whether whoever places the order counts as one of them, where they may decide.
    #[serde(default = "yes")]
    pub placer_counts: bool,
    /// Whether this is the last step of its side: no rule below is read. Not for rules of a project.
    #[serde(default)]
    pub is_last: bool,
    /// How many days it may wait, 1 to 30. The order expires when nobody has decided by then.
    #[serde(default = "longest")]
    pub due_days: u16,
    /// Every how many days those who are asked are reminded, 1 to 30; never without.
    #[serde(default)]
    pub remind_days: Option<u16>,
}

fn one() -> u16 {
    1
}

fn yes() -> bool {
    true
}

fn longest() -> u16 {
    LONGEST_STEP_DAYS
}

impl Side {
    /// What shows an order to the people of that side.
    pub fn sight(self) -> Permission {
        match self {
            Self::Buyer => Permission::ViewProject,
            Self::Provider => Permission::ViewOffering,
        }
    }
}

impl Role {
    /// Whether somebody can hold it on that side of an order: on the organization or the project, or on the provider or what it
    /// sells; roles on the installation are on both.
    pub fn is_on(self, side: Side) -> bool {
        match self {
            Self::OrganizationOwner | Self::OrganizationManager | Self::Staff | Self::Support => true,
            Self::BillingReader
            | Self::ProjectAdmin
            | Self::ProjectManager
            | Self::ProjectMember
            | Self::ProjectReader => side == Side::Buyer,
            Self::ProviderManager | Self::OfferingManager => side == Side::Provider,
        }
    }

    /// Whether a rule can ask those with this role about the decision of `side`: the role is one of that side, or of the
    /// installation where the rule is `of_installation`, and whoever holds it sees orders there.
    pub fn may_be_asked(self, of_installation: bool, side: Side) -> bool {
        match self {
            Self::Staff | Self::Support => of_installation,
            _ => self.is_on(side) && self.allows(side.sight()),
        }
    }
}

impl Ask {
    /// What asks whoever may approve orders on that side: one of them, who may be the one who orders.
    pub fn usual() -> Self {
        Self {
            who: Approvers::Usual,
            count: 1,
            placer_counts: true,
            is_last: false,
            due_days: LONGEST_STEP_DAYS,
            remind_days: Some(USUAL_REMINDER_DAYS),
        }
    }
}

impl Asked {
    /// Whether it asks somebody in particular, who may be there no more.
    pub fn is_particular(self) -> bool {
        matches!(self, Self::Roles | Self::People)
    }
}

/// Whom a step asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "asked", content = "of", rename_all = "snake_case")]
pub enum Approvers {
    /// Whoever may approve orders on that side.
    Usual,
    /// Whoever may approve orders on that side whatever they commit to: not those who may by a project's limit alone.
    Unlimited,
    /// Those who hold one of these roles where the order belongs.
    Roles(Vec<Role>),
    /// These people, as long as they see the order.
    People(Vec<UserId>),
}

impl Approvers {
    /// Which of the three it is.
    pub fn asked(&self) -> Asked {
        match self {
            Self::Usual => Asked::Usual,
            Self::Unlimited => Asked::Unlimited,
            Self::Roles(_) => Asked::Roles,
            Self::People(_) => Asked::People,
        }
    }
}

/// A rule as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApprovalRuleDraft {
    /// What it is called, 1 to 100 characters: whoever is asked by it reads that.
    pub name: String,
    /// Whose decision it is about. Rules of organizations and projects are about the buyer's, those of providers about the
    /// provider's; only rules of the installation choose.
    #[serde(default)]
    pub side: Option<Side>,
    /// When it fits.
    #[serde(default)]
    pub when: RuleConditions,
    /// What it does then.
    pub then: RuleEffect,
    /// Whether it is read at all.
    #[serde(default = "yes")]
    pub is_active: bool,
}

/// A person whom a rule names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedPerson {
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their address; null for who may not change rules.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub email: String,
}

/// A rule as it stands in its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalRule {
    /// The rule.
    pub id: ApprovalRuleId,
    /// Whose orders it is about: everybody's, of an organization, of a project, or those to a provider.
    pub scope: Scope,
    /// Its place among the rules of the scope, from 1: they are read in this order.
    pub position: u16,
    /// Whose decision it is about.
    pub side: Side,
    /// What it is called.
    pub name: String,
    /// When it fits.
    pub when: RuleConditions,
    /// What it does then.
    pub then: RuleEffect,
    /// Whether it is read at all.
    pub is_active: bool,
    /// It in one sentence.
    pub sentence: String,
    /// The people whom it names; who is gone is left out.
    pub people: Vec<NamedPerson>,
    /// Counts its changes.
    pub revision: i32,
}

/// The rules of a place, with those that are read before and after them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalRules {
    /// The rules of the place, in the order in which they are read.
    pub rules: Vec<ApprovalRule>,
    /// What is read before them and stands elsewhere, in words.
    pub before: Vec<String>,
    /// What is read after them, in words: the rules that are built in.
    pub after: Vec<String>,
    /// The actor may change them.
    pub can_change: bool,
}

/// What rules of a place can name, for forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleChoices {
    /// Offerings that can be ordered there, or of the provider, by name; at most [`MOST_CHOICES`].
    pub offerings: Vec<(OfferingId, String)>,
    /// All categories, by name; at most [`MOST_CHOICES`].
    pub categories: Vec<(CategoryId, String)>,
    /// The projects for which an order can be tried, by name; at most [`MOST_CHOICES`].
    pub projects: Vec<(ProjectId, String)>,
    /// In which amounts are counted there.
    pub currency: Currency,
}

/// The most that a form offers of one kind; the API takes any.
pub const MOST_CHOICES: u64 = 100;

/// An order that is not placed: what would become of it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApprovalTrial {
    /// The project for which it would be placed; without one, only the provider's side is looked at.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
    /// What would be ordered.
    pub offering_id: OfferingId,
    /// What it would ask for.
    #[serde(default = "create")]
    pub kind: OrderKind,
    /// What it would commit to.
    pub commitment: Money,
    /// Who would place it: the address of somebody who may order in the project; needed with one.
    #[serde(default)]
    pub placed_by: Option<String>,
}

fn create() -> OrderKind {
    OrderKind::Create
}

/// What would become of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalForecast {
    /// Why it would not be taken; null where it would.
    pub refused: Option<String>,
    /// Its steps, in the order in which they would be asked.
    pub steps: Vec<ForecastStep>,
    /// Every rule that would be read, and what it would say, as far as the actor may know.
    pub read: Vec<RuleRead>,
}

/// A step that an order would have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastStep {
    /// Whose decision it would be.
    pub side: Side,
    /// Whether anybody would be asked.
    pub is_asked: bool,
    /// By which rule, in words.
    pub rule: String,
    /// How many people would have to agree; 0 where the actor may not know.
    pub needed: u16,
    /// How many people could decide; where these are fewer than needed, it would wait in vain. 0 where the actor may not know.
    pub can_decide: u16,
    /// Who would be asked, by name, as far as the actor may know.
    pub people: Vec<String>,
}

/// What a rule would say to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleRead {
    /// For whose decision it was read.
    pub side: Side,
    /// The rule.
    pub rule: String,
    /// Whether it would fit.
    pub fits: bool,
    /// Why not, or what follows.
    pub because: String,
}

/// A step of the approval of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalStep {
    /// Its place, from 1.
    pub position: u16,
    /// Whose decision it is.
    pub side: Side,
    /// Where it stands.
    pub state: StepState,
    /// By which rule it is there or was passed, in words.
    pub rule: String,
    /// Who can decide on it now, by name, as far as the actor may know; empty where it is not open.
    pub people: Vec<String>,
    /// How many people must approve.
    pub needed: u16,
    /// Since when somebody is asked.
    pub since: Option<DateTime<Utc>>,
    /// Until when it can be decided.
    pub due: Option<DateTime<Utc>>,
    /// What was decided, the oldest first.
    pub decisions: Vec<Decision>,
}

/// A decision that a person made on an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decision {
    /// What was decided.
    pub verdict: Verdict,
    /// Who decided.
    pub by: String,
    /// For whom, where somebody who was away had named them as a deputy.
    pub stood_in_for: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Why they could, in words.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub rule: String,
    /// What the person wrote.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub comment: String,
}

/// Who decides for somebody who is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeputyDraft {
    /// The address of the deputy, a colleague.
    pub email: String,
    /// The first day, in the person's own time zone.
    pub first_day: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
}

/// The deputy of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deputy {
    /// Who it is.
    pub deputy: NamedPerson,
    /// The first day, in the person's own time zone.
    pub first_day: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
    /// Whether it is now.
    pub is_now: bool,
}

/// What a person has said about being away, and for whom they stand in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deputies {
    /// Who decides for the person; none where nobody is named, or it is over.
    pub own: Option<Deputy>,
    /// For whom the person decides now, by name, with the last day.
    pub stands_in_for: Vec<StandsInFor>,
}

/// Somebody who is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandsInFor {
    /// Their name.
    pub name: String,
    /// The last day on which they are away, where they live.
    pub last_day: NaiveDate,
}
