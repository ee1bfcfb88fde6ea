//! The parts that a backend lists of a resource, and the condition that it shows it in.

use std::collections::BTreeSet;

use entity::{json, resource, resource_parts};
use model::{InventoryRow, InventoryTable, MOST_INVENTORY_ROWS, PluginFacts, ResourceId, ResourceState};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::offered::{Declared, check_may_ask};
use super::{ActionError, ActionOperations, Actions};
use crate::access::Actor;
use crate::jobs::kinds::ListParts;
use crate::jobs::{self, NewJob};
use crate::provisioning::ProvisioningError;
use crate::provisioning::facts::{may_know_of, target_of};
use crate::text;

/// The most tables that are kept of one resource.
const MOST_TABLES: usize = 20;
/// The most columns of a table.
const MOST_COLUMNS: usize = 20;
/// The largest that the rows of all tables of a resource are, in bytes of JSON.
const LARGEST: usize = 300_000;
/// The longest text that a backend is taken at its word for, in characters.
const LONGEST: usize = 500;

impl Actions {
    /// Has the backend asked for the parts of a resource anew. Refused for who may not use the resource, for one whose backend
    /// lists nothing, and for one that is not in use (`NotPossible`). Where that waits already, nothing more is done.
    pub async fn list_parts(
        &self,
        actor: &Actor,
        id: ResourceId,
        plugins: &[PluginFacts],
    ) -> Result<(), ActionError> {
        let tx = self.core.write_tx().await?;
        let found = resource::Entity::find_by_id(id).lock_shared().one(&*tx).await?;
        let resource = found.ok_or(ProvisioningError::NotFound)?;
        let target = target_of(&resource);
        may_know_of(actor, &target)?;
        check_may_ask(actor, model::ActionAudience::Users, &target)?;
        let declared = Declared::of(&*tx, &resource, plugins).await?;
        if !declared.lists_parts || resource.activated_at.is_none() || !resource.state.is_live() {
            let why = "There is nothing on a backend that could be listed.";
            return Err(ActionError::NotPossible(why.to_owned()));
        }
        let job = NewJob::now(&ListParts { resource_id: id })?;
        let job = job.on_backend(jobs::backend_key(resource.offering_id));
        jobs::enqueue_in(&self.core, &tx, job).await?;
        Ok(tx.commit().await?)
    }
}

impl ActionOperations {
    /// Has the backend asked for the parts of a resource, because something about it changed.
    pub async fn look_again(&self, id: ResourceId) -> Result<(), ActionError> {
        let tx = self.core.write_tx().await?;
        let offering = resource::Entity::find_by_id(id)
            .select_only()
            .column(resource::Column::OfferingId)
            .into_tuple()
            .one(&*tx)
            .await?;
        let Some(offering) = offering else { return Ok(()) };
        let job = NewJob::now(&ListParts { resource_id: id })?.on_backend(jobs::backend_key(offering));
        jobs::enqueue_in(&self.core, &tx, job).await?;
        Ok(tx.commit().await?)
    }

    /// Code of the condition that a resource is believed to be in; empty: in that of new resources, or it is not there.
    pub async fn condition_of(&self, id: ResourceId) -> Result<String, ActionError> {
        let condition = resource::Entity::find_by_id(id)
            .select_only()
            .column(resource::Column::Condition)
            .into_tuple::<String>()
            .one(self.core.read())
            .await?;
        Ok(condition.unwrap_or_default())
    }

    /// Keeps what the backend listed of a resource that is not gone. Where it shows a condition, that is believed, whatever was.
    pub async fn keep_parts(
        &self,
        id: ResourceId,
        tables: &[InventoryTable],
        condition: Option<String>,
    ) -> Result<(), ActionError> {
        let mut tables: Vec<InventoryTable> = tables.iter().take(MOST_TABLES).map(kept).collect();
        shorten(&mut tables);
        let tx = self.core.write_tx().await?;
        let found = resource::Entity::find_by_id(id)
            .lock_exclusive()
            .one(&*tx)
            .await?;
        if found.is_none_or(|resource| resource.state == ResourceState::Terminated) {
            return Ok(());
        }
        if let Some(condition) = condition.as_deref().map(tidy) {
            resource::Entity::update_many()
                .col_expr(resource::Column::Condition, Expr::value(condition.clone()))
                .filter(resource::Column::Id.eq(id))
                .filter(resource::Column::Condition.ne(condition))
                .exec(&*tx)
                .await?;
        }
        let row = resource_parts::ActiveModel {
            resource_id: Set(id),
            taken_at: Set(Some(self.core.now())),
            tables: Set(json::write("resource_parts.tables", &tables)?),
            error: Set(String::new()),
        };
        store(
            &*tx,
            row,
            &[
                resource_parts::Column::TakenAt,
                resource_parts::Column::Tables,
                resource_parts::Column::Error,
            ],
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Notes why the backend did not answer; what it listed before is kept.
    pub async fn miss_parts(&self, id: ResourceId, reason: &str) -> Result<(), ActionError> {
        let row = resource_parts::ActiveModel {
            resource_id: Set(id),
            taken_at: Set(None),
            tables: Set(json::write(
                "resource_parts.tables",
                &Vec::<InventoryTable>::new(),
            )?),
            error: Set(tidy(reason)),
        };
        let tx = self.core.write_tx().await?;
        store(&*tx, row, &[resource_parts::Column::Error]).await?;
        Ok(tx.commit().await?)
    }
}

async fn store(
    conn: &impl ConnectionTrait,
    row: resource_parts::ActiveModel,
    changed: &[resource_parts::Column],
) -> Result<(), DbErr> {
    let known = OnConflict::column(resource_parts::Column::ResourceId)
        .update_columns(changed.iter().copied())
        .to_owned();
    resource_parts::Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

/// Every page of the resource reads them, so all together are bounded as well: the longest lists lose rows first.
fn shorten(tables: &mut [InventoryTable]) {
    let size = |of: &[InventoryRow]| serde_json::to_string(of).map_or(0, |text| text.len());
    while tables.iter().map(|table| size(&table.rows)).sum::<usize>() > LARGEST {
        let longest = tables.iter_mut().max_by_key(|table| size(&table.rows));
        let Some(table) = longest.filter(|table| !table.rows.is_empty()) else {
            return;
        };
        table.rows.truncate(table.rows.len() / 2);
        table.cut = true;
    }
}

/// A table within bounds, each row with a cell for each column. Rows that cannot be told apart by what is kept of their keys are
/// left out: who chooses one must not mean another.
fn kept(table: &InventoryTable) -> InventoryTable {
    let columns: Vec<String> = table
        .columns
        .iter()
        .take(MOST_COLUMNS)
        .map(|head| tidy(head))
        .collect();
    let row = |row: &InventoryRow| {
        let cells = row
            .cells
            .iter()
            .map(|cell| tidy(cell))
            .chain(std::iter::repeat(String::new()));
        InventoryRow {
            key: row.key.clone(),
            cells: cells.take(columns.len()).collect(),
        }
    };
    let mut keys = BTreeSet::new();
    let named = table
        .rows
        .iter()
        .filter(|row| !row.key.is_empty() && tidy(&row.key) == row.key && keys.insert(row.key.as_str()));
    let rows: Vec<InventoryRow> = named.take(MOST_INVENTORY_ROWS).map(row).collect();
    InventoryTable {
        code: tidy(&table.code),
        title: tidy(&table.title),
        cut: table.cut || table.rows.len() > rows.len(),
        rows,
        columns,
    }
}

/// What a backend said, as one line of bounded length, in which nothing turns or hides text: it is not ours, and may hold
/// anything.
pub(super) fn tidy(said: &str) -> String {
    tidy_to(said, LONGEST)
}

/// The same, of another length.
pub(super) fn tidy_to(said: &str, most: usize) -> String {
    let line: String = said
        .chars()
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .filter(|letter| !letter.is_control())
        .take(most)
        .collect();
    let line = line.trim();
    if text::hides(line) {
        let shows = |letter: &char| !text::hides(letter.encode_utf8(&mut [0; 4]));
        return line.chars().filter(shows).collect();
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_backend_says_is_a_line_that_fits() {
        assert_eq!(tidy(" a\u{0}\tb\r\nc\u{1b}[31m "), "a b  c[31m");
        assert_eq!(tidy(&"ä".repeat(LONGEST + 1)).chars().count(), LONGEST);
        assert_eq!(tidy("a\u{202E}txt.exe\u{200B}"), "atxt.exe");
        assert_eq!(tidy("👩\u{200D}💻"), "👩\u{200D}💻", "nothing is hidden by it");
        let table = InventoryTable {
            rows: vec![InventoryRow {
                key: "1".into(),
                cells: vec!["one".into()],
            }],
            ..InventoryTable::new("jobs", "Jobs", &["Job", "State"])
        };
        assert_eq!(kept(&table).rows[0].cells, ["one", ""]);
    }

    #[test]
    fn all_tables_together_are_bounded_and_say_so() {
        let mut long = InventoryTable::new("jobs", "Jobs", &["Job", "Note"]);
        for number in 0..MOST_INVENTORY_ROWS {
            long.push(number.to_string(), vec![number.to_string(), "ä".repeat(LONGEST)]);
        }
        let mut tables: Vec<InventoryTable> = vec![long, InventoryTable::new("few", "Few", &["One"])];
        tables[1].push("1", vec!["1".to_owned()]);
        tables.extend(std::iter::repeat_n(tables[0].clone(), 5));
        shorten(&mut tables);
        let rows: Vec<&InventoryRow> = tables.iter().flat_map(|table| &table.rows).collect();
        assert!(serde_json::to_string(&rows).unwrap().len() <= LARGEST + tables.len());
        assert!(tables[0].cut && !tables[0].rows.is_empty());
        assert_eq!(
            (tables[1].rows.len(), tables[1].cut),
            (1, false),
            "the short one is whole"
        );
    }

    #[test]
    fn rows_of_a_table_are_told_apart_by_their_keys() {
        let mut table = InventoryTable::new("jobs", "Jobs", &["Job"]);
        let long = "x".repeat(LONGEST + 1);
        for key in ["1", "", "2", "1", " 2", "3\n", "4\u{200B}", &long] {
            table.push(key, vec![key.to_owned()]);
        }
        let kept = kept(&table);
        let keys: Vec<&str> = kept.rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["1", "2"]);
        assert!(kept.cut, "there are more");
    }
}
