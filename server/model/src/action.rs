//! Actions: what can be done with a resource beside ordering changes of it, as a plugin or a provider declares it, and what
//! became of those that somebody asked for. Nothing here changes limits, plan or price: what does is an order.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    AccessDetail, ActionId, Condition, DisplayRow, FieldKind, Permission, Progress, ResourceId,
    ResourceState, Schema, text_enum,
};

text_enum! {
    /// Who may ask for an action.
    ActionAudience {
        /// Whoever may use the resource: members of its project and those above them.
        Users = "users", "Members of the project";
        /// Who runs the project.
        Managers = "managers", "Managers of the project";
        /// The provider's people.
        Provider = "provider", "The provider";
    }
}

impl ActionAudience {
    /// What somebody must hold where the resource is.
    pub fn permission(self) -> Permission {
        match self {
            Self::Users => Permission::OperateResource,
            Self::Managers => Permission::EditProject,
            Self::Provider => Permission::ManageResource,
        }
    }
}

text_enum! {
    /// Where an action stands.
    ActionState {
        /// Asked for; a worker has not begun, or the provider's people have not done it.
        Waiting = "waiting", "Waiting";
        /// A worker is at it.
        Running = "running", "Under way";
        /// Done.
        Done = "done", "Done";
        /// It could not be done.
        Failed = "erred", "Failed";
        /// Whoever asked took it back before it was begun.
        Withdrawn = "canceled", "Withdrawn";
    }
}

impl ActionState {
    /// Nothing becomes of it any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Withdrawn)
    }
}

/// Something that can be done with a resource, as it is declared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Action {
    /// Stable name within the plugin or the offering: a lower-case letter, then up to 49 lower-case letters, digits or `_`.
    pub key: String,
    /// Name for people, as it stands on a button: `Pause`.
    pub title: String,
    /// What it does, as a sentence.
    pub description: String,
    /// What is asked for.
    #[serde(default)]
    pub input: Schema,
    /// Fields of the input whose values are rows of what the backend lists.
    #[serde(default)]
    pub choices: Vec<ActionChoices>,
    /// Who may ask for it.
    pub audience: ActionAudience,
    /// What a person agrees to before it is done; empty: it is done at once.
    #[serde(default)]
    pub confirmation: String,
    /// Codes of the conditions in which it is possible; empty: in any.
    #[serde(default)]
    pub possible_in: Vec<String>,
    /// The setting of the offering without which its resources do not have the action.
    #[serde(default)]
    pub offered_when: Option<Condition>,
    /// It can be asked for while another action is under way.
    #[serde(default)]
    pub beside_others: bool,
}

/// A field of an action whose values are rows of a table of what the backend lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActionChoices {
    /// Key of the field.
    pub field: String,
    /// Code of the table.
    pub table: String,
}

/// A condition in which a resource can be on its backend while it is in use, such as paused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConditionFacts {
    /// Stable name.
    pub code: String,
    /// Word for people.
    pub label: String,
}

impl ConditionFacts {
    /// The condition stored as `code` among those that a plugin knows: that of new resources, the first, where it is none of them
    /// (any more). None where it knows none.
    pub fn among<'a>(known: &'a [Self], code: &str) -> Option<&'a Self> {
        let found = known.iter().find(|condition| condition.code == code);
        found.or(known.first())
    }
}

impl Action {
    /// An action of the users of a resource, without input, in any condition.
    pub fn new(key: &str, title: &str, description: &str) -> Self {
        Self {
            key: key.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            input: Schema::default(),
            choices: Vec::new(),
            audience: ActionAudience::Users,
            confirmation: String::new(),
            possible_in: Vec::new(),
            offered_when: None,
            beside_others: false,
        }
    }

    /// The same, with input.
    #[must_use]
    pub fn asking(self, input: Schema) -> Self {
        Self { input, ..self }
    }

    /// The same, of which a field of the input is a row of a table.
    #[must_use]
    pub fn choosing(mut self, field: &str, table: &str) -> Self {
        self.choices.push(ActionChoices {
            field: field.to_owned(),
            table: table.to_owned(),
        });
        self
    }

    /// The same, for others than the users.
    #[must_use]
    pub fn of(self, audience: ActionAudience) -> Self {
        Self { audience, ..self }
    }

    /// The same, with what a person agrees to first.
    #[must_use]
    pub fn confirmed(self, confirmation: &str) -> Self {
        Self {
            confirmation: confirmation.to_owned(),
            ..self
        }
    }

    /// The same, in these conditions only.
    #[must_use]
    pub fn possible_in(self, conditions: &[&str]) -> Self {
        Self {
            possible_in: conditions.iter().map(|code| (*code).to_owned()).collect(),
            ..self
        }
    }

    /// The same, for offerings with this setting only.
    #[must_use]
    pub fn offered_when(self, setting: &str, value: &str) -> Self {
        Self {
            offered_when: Some(Condition {
                field: setting.to_owned(),
                equals: vec![value.to_owned()],
            }),
            ..self
        }
    }

    /// The same, beside others.
    #[must_use]
    pub fn beside_others(self) -> Self {
        Self {
            beside_others: true,
            ..self
        }
    }

    /// Whether resources of an offering with these settings have it.
    pub fn is_offered(&self, settings: &serde_json::Value) -> bool {
        is_set(self.offered_when.as_ref(), settings)
    }

    /// Whether a resource in this state and condition allows it. Only what is in use, or failed to change, can be acted upon.
    pub fn is_possible(&self, state: ResourceState, condition: &str) -> bool {
        let is_there = matches!(state, ResourceState::Ok | ResourceState::Erred);
        is_there && (self.possible_in.is_empty() || self.possible_in.iter().any(|code| code == condition))
    }

    /// The input with the rows of these tables as choices.
    pub fn input_with(&self, tables: &[InventoryTable]) -> Schema {
        let mut input = self.input.clone();
        for drawn in &self.choices {
            let field = input.fields.iter_mut().find(|field| field.key == drawn.field);
            let rows = tables.iter().find(|table| table.code == drawn.table);
            let rows = rows.map(InventoryTable::choices).unwrap_or_default();
            let kind = field.map(|field| &mut field.kind);
            if let Some(FieldKind::Choice { choices } | FieldKind::MultipleChoice { choices, .. }) = kind {
                *choices = rows;
            }
        }
        input
    }
}

/// Whether these settings of an offering have what is asked for: one of the texts at the setting. Nothing asked is had by all.
pub fn is_set(when: Option<&Condition>, settings: &serde_json::Value) -> bool {
    when.is_none_or(|when| {
        let set = settings.get(&when.field).and_then(serde_json::Value::as_str);
        set.is_some_and(|set| when.equals.iter().any(|value| value == set))
    })
}

/// What a backend lists of one resource: its parts of one sort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InventoryTable {
    /// Stable name: `jobs`.
    pub code: String,
    /// Name for people.
    pub title: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<InventoryRow>,
    /// There are more rows than are listed.
    #[serde(default)]
    pub cut: bool,
}

/// A part of a resource on its backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InventoryRow {
    /// How the backend knows it; unique in the table. What actions choose by.
    pub key: String,
    /// A text for each column.
    pub cells: Vec<String>,
}

/// The most rows that are kept of one table.
pub const MOST_INVENTORY_ROWS: usize = 200;

impl InventoryTable {
    /// A table without rows.
    pub fn new(code: &str, title: &str, columns: &[&str]) -> Self {
        Self {
            code: code.to_owned(),
            title: title.to_owned(),
            columns: columns.iter().map(|head| (*head).to_owned()).collect(),
            rows: Vec::new(),
            cut: false,
        }
    }

    /// Adds a row, as long as there are fewer than [`MOST_INVENTORY_ROWS`].
    pub fn push(&mut self, key: impl Into<String>, cells: Vec<String>) {
        if self.rows.len() < MOST_INVENTORY_ROWS {
            self.rows.push(InventoryRow {
                key: key.into(),
                cells,
            });
        } else {
            self.cut = true;
        }
    }

    /// The rows as choices of a field: the key, and the cells that say more.
    fn choices(&self) -> Vec<crate::FieldChoice> {
        let choice = |row: &InventoryRow| {
            let cells: Vec<&str> = row
                .cells
                .iter()
                .map(String::as_str)
                .filter(|cell| !cell.is_empty())
                .collect();
            crate::FieldChoice::new(row.key.clone(), cells.join(" · "))
        };
        self.rows.iter().map(choice).collect()
    }
}

/// What a backend listed of a resource when it was last asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceInventory {
    /// When it answered; none where it never did.
    pub taken_at: Option<DateTime<Utc>>,
    /// It is being asked now.
    pub is_being_taken: bool,
    /// The actor can have it asked now.
    pub can_list: bool,
    /// What it listed.
    pub tables: Vec<InventoryTable>,
    /// Why it did not answer the last time; null where it did.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub error: String,
}

/// An action as it can be asked for of a resource now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferedAction {
    /// What is declared, with the rows of today as choices.
    pub action: Action,
    /// The provider's people do it by hand.
    pub by_hand: bool,
    /// Why it cannot be asked for now; null where it can.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub why_not: String,
}

/// What can be done with a resource, and what its backend lists of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceActions {
    /// The condition that it is in on its backend; none where its plugin knows no conditions.
    pub condition: Option<ConditionFacts>,
    /// Whether that is the condition in which it was made.
    pub is_usual: bool,
    /// The actions that the actor may ask for, those that are not possible now included.
    pub actions: Vec<OfferedAction>,
    /// What the backend lists; none where its plugin lists nothing.
    pub inventory: Option<ResourceInventory>,
}

/// An action that somebody asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceAction {
    /// Its id.
    pub id: ActionId,
    /// The resource.
    pub resource_id: ResourceId,
    /// Its name.
    pub resource_name: String,
    /// Which action.
    pub key: String,
    /// Its name when it was asked for.
    pub title: String,
    /// Where it stands.
    pub state: ActionState,
    /// The provider's people do it by hand.
    pub by_hand: bool,
    /// What was filled in; secrets left out.
    pub input: Vec<DisplayRow>,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When a worker, or somebody of the provider, ended it.
    pub ended_at: Option<DateTime<Utc>>,
    /// How far it is.
    pub progress: Progress,
    /// What became of it, as a sentence; null as long as nothing did.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub message: String,
    /// What it gave back.
    pub output: Vec<AccessDetail>,
    /// The actor can take it back now.
    pub can_withdraw: bool,
    /// The actor can say now that it was done, or that it cannot be.
    pub can_finish: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Field;

    #[test]
    fn settings_states_and_conditions_say_whether_an_action_is_there() {
        let start = Action::new("start", "Start", "It starts.")
            .possible_in(&["stopped"])
            .offered_when("acts_as", "machine");
        assert!(start.is_offered(&json!({ "acts_as": "machine" })));
        for settings in [json!({}), json!({ "acts_as": "service" }), json!([])] {
            assert!(!start.is_offered(&settings), "{settings}");
        }
        assert!(start.is_possible(ResourceState::Ok, "stopped"));
        assert!(start.is_possible(ResourceState::Erred, "stopped"));
        assert!(!start.is_possible(ResourceState::Ok, "running"));
        assert!(!start.is_possible(ResourceState::Updating, "stopped"));
        assert!(!Action::new("x", "X", "X.").is_possible(ResourceState::Terminated, ""));
    }

    #[test]
    fn what_the_backend_lists_can_be_chosen() {
        let job = Field::new("job", "Job", FieldKind::choice(&[])).required();
        let action = Action::new("hold", "Hold", "It waits.")
            .asking(Schema::new(vec![job]))
            .choosing("job", "jobs");
        let mut jobs = InventoryTable::new("jobs", "Jobs", &["Job", "State", "Note"]);
        jobs.push("7", vec!["7".into(), "Running".into(), String::new()]);
        let input = action.input_with(&[jobs]);
        let choices = input.field("job").map(|field| field.kind.choices().to_vec());
        assert_eq!(choices, Some(vec![crate::FieldChoice::new("7", "7 · Running")]));
        assert!(input.parse_json(&json!({ "job": "7" })).is_ok());
        assert!(input.parse_json(&json!({ "job": "8" })).is_err());
        assert!(action.input_with(&[]).parse_json(&json!({ "job": "7" })).is_err());
    }

    #[test]
    fn a_table_has_an_end_and_says_so() {
        let mut table = InventoryTable::new("jobs", "Jobs", &["Job"]);
        for number in 0..=MOST_INVENTORY_ROWS {
            table.push(number.to_string(), vec![number.to_string()]);
        }
        assert_eq!((table.rows.len(), table.cut), (MOST_INVENTORY_ROWS, true));
    }
}
