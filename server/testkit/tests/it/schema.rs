//! The schema that `migrations` makes is the one that `entity` reads, on both engines, and every step goes both ways.

use std::collections::BTreeMap;

use entity::*;
use migrations::{Migrator, MigratorTrait};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait,
    IdenStatic, IntoActiveModel, Iterable, QuerySelect, Statement,
};
use serde_json::json;
use testkit::{Engine, Fixture, TestDb, both_engines};

use crate::rows;

/// A database without tables.
struct Empty(TestDb);

impl Fixture for Empty {
    async fn on(engine: Engine) -> Self {
        Self(TestDb::empty(engine).await)
    }
}

/// Columns by name; true where NULL may stand.
type Columns = BTreeMap<String, bool>;

fn declared<E: EntityTrait>(entity: E) -> (String, Columns) {
    let columns = E::Column::iter().map(|column| (column.as_str().to_owned(), column.def().is_null()));
    (entity.table_name().to_owned(), columns.collect())
}

macro_rules! every_entity {
    ($with:ident) => {
        $with!(
            account_entry api_token approval_rule approval_step approval_step_approver assigned_backend audit_event billing_fault category closed_month component deputy end_notice event_reader idempotency_key
            installation invoice invoice_item invoice_pdf invoice_series job notice notice_choice offering offering_audience offering_facet
            offering_terms order order_decision organization organization_version plan plan_price plan_terms project resource
            resource_action resource_interval resource_limit resource_member resource_parts resource_term role_grant schedule session
            throttle usage_day usage_event user webhook webhook_delivery
        )
    };
}

fn declared_tables() -> BTreeMap<String, Columns> {
    macro_rules! collect { ($($module:ident)+) => { BTreeMap::from([$(declared($module::Entity)),+]) }; }
    every_entity!(collect)
}

const SQLITE_COLUMNS: &str = r#"
    select t.name as tbl, c.name as col, (c."notnull" = 0 and c.pk = 0) as nullable
    from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite_%'"#;

const POSTGRES_COLUMNS: &str = "
    select table_name::text as tbl, column_name::text as col, is_nullable = 'YES' as nullable
    from information_schema.columns where table_schema = 'public'";

/// What the database has, without the migrations' own table.
async fn made_tables(db: &DatabaseConnection) -> BTreeMap<String, Columns> {
    let backend = db.get_database_backend();
    let sql = if backend == DbBackend::Sqlite {
        SQLITE_COLUMNS
    } else {
        POSTGRES_COLUMNS
    };
    let mut tables: BTreeMap<String, Columns> = BTreeMap::new();
    for row in db
        .query_all_raw(Statement::from_string(backend, sql))
        .await
        .unwrap()
    {
        let table: String = row.try_get("", "tbl").unwrap();
        let column = (
            row.try_get("", "col").unwrap(),
            row.try_get("", "nullable").unwrap(),
        );
        tables.entry(table).or_default().extend([column]);
    }
    tables.remove("seaql_migrations");
    tables
}

async fn select_from_every_entity(db: &DatabaseConnection) {
    macro_rules! select { ($($module:ident)+) => {$(
        let rows = $module::Entity::find().all(db).await;
        assert!(rows.is_ok(), "entity::{} does not fit its table: {rows:?}", stringify!($module));
    )+}; }
    every_entity!(select);
}

/// One connection of its own for steps of the schema: `SQLite` takes a column that another one has dropped for one that is
/// there, until it reads the schema anew.
async fn steps_of(database: &TestDb) -> DatabaseConnection {
    domain::connect::connect(database.url(), 1).await.unwrap()
}

/// Takes back every step from the one of this name on.
async fn back_to_before(database: &TestDb, name: &str) {
    let steps = Migrator::migrations();
    let after = steps
        .iter()
        .rev()
        .take_while(|step| !step.name().contains(name))
        .count();
    Migrator::down(&steps_of(database).await, Some(u32::try_from(after + 1).unwrap()))
        .await
        .unwrap();
}

/// Takes every step that is not taken.
async fn up(database: &TestDb) {
    Migrator::up(&steps_of(database).await, None).await.unwrap();
}

both_engines! {
    async fn up_down_up_makes_what_the_entities_declare(empty: Empty) {
        let db = empty.0.connection();
        up(&empty.0).await;
        rows::insert_one_everywhere(db).await;
        Migrator::down(&steps_of(&empty.0).await, None).await.unwrap();
        assert_eq!(made_tables(db).await, BTreeMap::new());
        up(&empty.0).await;
        assert_eq!(made_tables(db).await, declared_tables());
        select_from_every_entity(db).await;
    }

    async fn what_the_system_ordered_was_placed_by_nobody_and_before_by_a_person_who_is_none(database: TestDb) {
        let db = database.connection();
        rows::insert_one_everywhere(db).await;
        let nobody = Expr::value(Option::<model::UserId>::None);
        order::Entity::update_many().col_expr(order::Column::RequestedBy, nobody).exec(db).await.unwrap();
        back_to_before(&database, "let_system_order").await;
        let nil = model::UserId(uuid::Uuid::nil());
        let before = user::Entity::find_by_id(nil).one(db).await.unwrap().unwrap();
        assert_eq!((before.name.as_str(), before.is_active), ("Stoa", false));
        // The whole row has columns that came later.
        let placed: Vec<Option<model::UserId>> =
            order::Entity::find().select_only().column(order::Column::RequestedBy).into_tuple().all(db).await.unwrap();
        assert!(!placed.is_empty() && placed.iter().all(|who| *who == Some(nil)));
        up(&database).await;
        assert_eq!(made_tables(db).await, declared_tables());
        let placed = order::Entity::find().all(db).await.unwrap();
        assert!(placed.iter().all(|order| order.requested_by.is_none()));
        assert_eq!(user::Entity::find_by_id(nil).one(db).await.unwrap(), None);
    }

    async fn the_numbering_of_the_log_keeps_what_is_there_both_ways(database: TestDb) {
        let db = database.connection();
        rows::insert_one_everywhere(db).await;
        let before = audit_event::Entity::find().all(db).await.unwrap();
        back_to_before(&database, "number_audit_events").await;
        up(&database).await;
        assert_eq!(audit_event::Entity::find().all(db).await.unwrap(), before);
        assert_eq!(made_tables(db).await, declared_tables());
        rows::audit_log_only_grows(db).await;
    }

    async fn providers_are_assigned_what_their_offerings_name(database: TestDb) {
        let db = database.connection();
        rows::insert_one_everywhere(db).await;
        // The whole row has columns that came later.
        let seen = offering::Entity::find().one(db).await.unwrap().unwrap();
        back_to_before(&database, "assign_backends").await;
        for (number, plugin, settings) in [
            (101, "slurm", json!({ "cluster": "lab", "account_prefix": "x" })),
            (102, "slurm", json!({ "cluster": "lab", "parent_account": " ", "default_qos": "long" })),
            (103, "slurm", json!({ "cluster": "lab", "parent_account": "physics" })),
            (104, "slurm", json!({ "cluster": "lab", "parent_account": "root", "default_qos": "fast" })),
            (105, "slurm", json!({})),
            (106, "manual", json!({ "cluster": "kalevi" })),
        ] {
            let row = offering::Model {
                id: model::OfferingId(uuid::Uuid::from_u128(number)),
                slug: number.to_string(),
                plugin: plugin.into(),
                settings,
                ..seen.clone()
            };
            let mut row = row.into_active_model();
            row.actions = NotSet;
            offering::Entity::insert(row).exec_without_returning(db).await.unwrap();
        }
        up(&database).await;
        assert_eq!(made_tables(db).await, declared_tables());
        let all = assigned_backend::Entity::find_of_provider(seen.provider_id).all(db).await.unwrap();
        let all: Vec<_> = all.into_iter().map(|one| (one.plugin, one.settings)).collect();
        let slurm = |settings| ("slurm".to_owned(), settings);
        assert_eq!(all, [
            slurm(json!({ "cluster": "lab", "parent_account": "root", "default_qos": ["fast", "long"] })),
            slurm(json!({ "cluster": "lab", "parent_account": "physics" })),
        ]);
    }

    async fn what_plans_had_becomes_their_first_versions(database: TestDb) {
        let db = database.connection();
        rows::insert_one_everywhere(db).await;
        back_to_before(&database, "begin_prices_at_instants").await;
        up(&database).await;
        let plan = plan::Entity::find().one(db).await.unwrap().unwrap();
        let price = plan_price::Entity::find().one(db).await.unwrap().unwrap();
        assert_eq!(price.starts_at, plan.created_at, "the first price counted from the beginning");
        let terms = plan_terms::Entity::find_of_plans([plan.id]).all(db).await.unwrap();
        let notice: Vec<_> = terms.iter().map(|version| version.notice_days).collect();
        assert_eq!(notice, [Some(0), Some(30)], "as it was, and from now on with notice");
        assert_eq!(terms.first().unwrap().starts_at, plan.created_at);
        assert!(terms.iter().all(|version| version.billing_period == price.billing_period));
        assert_eq!(terms.last().unwrap().setup_fee, "0.000000001".parse().unwrap());
    }

    async fn the_terms_of_service_of_before_become_their_present_version(database: TestDb) {
        let db = database.connection();
        rows::insert_one_everywhere(db).await;
        let offering = offering::Entity::find().one(db).await.unwrap().unwrap();
        let terms = offering::Entity::update_many()
            .col_expr(offering::Column::TermsOfService, Expr::value("Be kind."))
            .col_expr(offering::Column::TermsVersion, Expr::value(3));
        terms.exec(db).await.unwrap();
        let again = async || {
            back_to_before(&database, "keep_terms_of_service").await;
            up(&database).await;
            offering_terms::Entity::find_of_offering(offering.id).all(db).await.unwrap()
        };
        let kept = offering_terms::Model {
            offering_id: offering.id,
            version: 3,
            text: "Be kind.".into(),
            created_at: offering.created_at,
            created_by: None,
        };
        assert_eq!(again().await, std::slice::from_ref(&kept), "nobody knows when they were written");
        let (by, at) = rows::log_revisions(db).await;
        assert_eq!(again().await, [offering_terms::Model { created_at: at, created_by: Some(by), ..kept }]);
        assert_eq!(made_tables(db).await, declared_tables());
    }

    async fn a_test_database_has_every_table_and_no_rows(db: TestDb) {
        assert_eq!(made_tables(db.connection()).await, declared_tables());
        assert!(user::Entity::find().one(db.connection()).await.unwrap().is_none());
        assert!(Migrator::get_pending_migrations(db.connection()).await.unwrap().is_empty());
    }

    async fn rows_come_back_as_they_were_written(db: TestDb) {
        rows::insert_one_everywhere(db.connection()).await;
    }

    async fn a_resource_has_one_open_order(db: TestDb) {
        rows::insert_one_everywhere(db.connection()).await;
        rows::second_open_order_is_refused(db.connection()).await;
    }

    async fn a_resource_has_one_action_under_way_that_does_not_go_beside_others(db: TestDb) {
        rows::insert_one_everywhere(db.connection()).await;
        rows::second_action_is_refused(db.connection()).await;
    }

    async fn a_job_key_is_free_again_when_the_job_is_over(db: TestDb) {
        rows::job_key_is_unique_while_waiting(db.connection()).await;
    }

    async fn an_issued_invoice_never_changes(db: TestDb) {
        rows::insert_one_everywhere(db.connection()).await;
        rows::issued_invoice_never_changes(db.connection()).await;
    }

    async fn accounts_only_grow(db: TestDb) {
        rows::insert_one_everywhere(db.connection()).await;
        rows::accounts_only_grow(db.connection()).await;
    }

    async fn the_audit_log_only_grows(db: TestDb) {
        rows::insert_one_everywhere(db.connection()).await;
        rows::audit_log_only_grows(db.connection()).await;
    }

    async fn two_test_databases_share_nothing(first: TestDb) {
        let engine = match first.connection().get_database_backend() {
            DbBackend::Sqlite => Engine::Sqlite,
            _ => Engine::Postgres,
        };
        let second = TestDb::migrated(engine).await;
        rows::insert_one_everywhere(first.connection()).await;
        assert!(user::Entity::find().one(second.connection()).await.unwrap().is_none());
    }
}
