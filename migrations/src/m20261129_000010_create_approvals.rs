//! Approvals: rules that people write, the steps that they make of each order, and deputies. What was decided before becomes
//! the steps of the rules that are built in; a decision that a rule had made is a step that was skipped.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, date, integer, integer_null, json_binary, text, text_null, uuid, uuid_null},
    sea_orm::{ConnectionTrait, Statement, prelude::Uuid},
};

use crate::column::{belongs_to, drop_tables, index, moment, moment_null, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [rules(), steps(), approvers(), deputies()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        let db = manager.get_connection();
        db.execute_unprepared(STEPS_THAT_WERE_DECIDED).await?;
        db.execute_unprepared(STEPS_THAT_ARE_OPEN).await?;
        keep_what_comes_later(db).await?;
        let made = table_of_decisions("order_decisions_of_steps");
        manager.create_table(made).await?;
        db.execute_unprepared(DECISIONS_OF_PEOPLE).await?;
        drop_tables(manager, &["order_decisions"]).await?;
        rename_decisions(manager, "order_decisions_of_steps").await?;
        index_decisions(manager).await?;
        let of_step = index("ix_order_decisions_step_id", "order_decisions", &["step_id"]);
        manager.create_index(of_step).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(table_of_decisions_before("order_decisions_before"))
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared(DECISIONS_BEFORE).await?;
        drop_tables(manager, &["order_decisions"]).await?;
        rename_decisions(manager, "order_decisions_before").await?;
        index_decisions(manager).await?;
        let tables = [
            "deputies",
            "approval_step_approvers",
            "approval_steps",
            "approval_rules",
        ];
        drop_tables(manager, &tables).await
    }
}

/// Each decision has made one step, which is known by its id.
const STEPS_THAT_WERE_DECIDED: &str = "\
    insert into approval_steps (id, order_id, position, side, rule, state, asked, needed, placer_may, due_days, opened_at, closed_at) \
    select id, order_id, case side when 'consumer' then 1 else 2 end, side, \
        case verdict when 'skipped' then rule else 'Somebody who may approve orders decides.' end, verdict, 'usual', 1, true, 30, \
        case verdict when 'skipped' then null else created_at end, created_at \
    from order_decisions";

/// An order that waits has one step that is open, which is known by the order's id.
const STEPS_THAT_ARE_OPEN: &str = "\
    insert into approval_steps (id, order_id, position, side, rule, state, asked, needed, placer_may, due_days, opened_at) \
    select id, id, case state when 'pending_consumer' then 1 else 2 end, case state when 'pending_consumer' then 'consumer' else 'provider' end, \
        'Somebody who may approve orders decides.', 'asked', 'usual', 1, true, 30, waiting_since \
    from orders where state in ('pending_consumer', 'pending_provider')";

const WHOSE_PROVIDER_COMES_LATER: &str = "\
    select id from orders where state = 'pending_consumer' and not exists \
        (select 1 from order_decisions d where d.order_id = orders.id and d.side = 'provider')";

const DECISIONS_OF_PEOPLE: &str = "\
    insert into order_decisions_of_steps (id, order_id, step_id, verdict, user_id, rule, comment, created_at) \
    select id, order_id, id, verdict, user_id, rule, comment, created_at from order_decisions where verdict <> 'skipped'";

const DECISIONS_BEFORE: &str = "\
    insert into order_decisions_before (id, order_id, side, verdict, user_id, rule, comment, created_at) \
    select d.id, d.order_id, s.side, d.verdict, d.user_id, d.rule, d.comment, d.created_at \
    from order_decisions d join approval_steps s on s.id = d.step_id \
    union all \
    select s.id, s.order_id, s.side, 'skipped', null, s.rule, '', s.closed_at from approval_steps s where s.state = 'skipped'";

/// Where the buyer is asked and the provider will be, too. Its step is known by the order's id but for the last bit.
async fn keep_what_comes_later(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let rows = db
        .query_all_raw(Statement::from_string(backend, WHOSE_PROVIDER_COMES_LATER))
        .await?;
    for row in rows {
        let order: Uuid = row.try_get("", "id")?;
        let step = Uuid::from_u128(order.as_u128() ^ 1);
        let sql = "insert into approval_steps (id, order_id, position, side, rule, state, asked, needed, placer_may, due_days) \
                   values ($1, $2, 2, 'provider', 'Somebody who may approve orders decides.', 'later', 'usual', 1, true, 30)";
        db.execute_raw(Statement::from_sql_and_values(
            backend,
            sql,
            [step.into(), order.into()],
        ))
        .await?;
    }
    Ok(())
}

fn rules() -> TableCreateStatement {
    Table::create()
        .table("approval_rules")
        .col(uuid("id").primary_key())
        .col(text("scope_kind"))
        .col(uuid_null("scope_id"))
        .col(integer("position"))
        .col(text("side"))
        .col(text("name"))
        .col(json_binary("conditions"))
        .col(json_binary("effect"))
        .col(boolean("is_active"))
        .col(integer("revision"))
        .col(moment("created_at"))
        .col(moment("updated_at"))
        .take()
}

fn steps() -> TableCreateStatement {
    Table::create()
        .table("approval_steps")
        .col(uuid("id").primary_key())
        .col(uuid("order_id"))
        .col(integer("position"))
        .col(text("side"))
        .col(uuid_null("rule_id"))
        .col(text("rule"))
        .col(text("state"))
        .col(text("asked"))
        .col(integer("needed"))
        .col(boolean("placer_may"))
        .col(integer("due_days"))
        .col(integer_null("remind_days"))
        .col(moment_null("opened_at"))
        .col(moment_null("remind_at"))
        .col(moment_null("closed_at"))
        .foreign_key(&mut references("order_id", "orders"))
        .take()
}

fn approvers() -> TableCreateStatement {
    Table::create()
        .table("approval_step_approvers")
        .col(uuid("id").primary_key())
        .col(uuid("step_id"))
        .col(text_null("role"))
        .col(uuid_null("user_id"))
        .foreign_key(&mut belongs_to("step_id", "approval_steps"))
        .foreign_key(&mut references("user_id", "users"))
        .take()
}

fn deputies() -> TableCreateStatement {
    Table::create()
        .table("deputies")
        .col(uuid("user_id").primary_key())
        .col(uuid("deputy_id"))
        .col(date("first_day"))
        .col(date("last_day"))
        .col(moment("starts_at"))
        .col(moment("ends_at"))
        .foreign_key(&mut references("user_id", "users"))
        .foreign_key(&mut references("deputy_id", "users"))
        .take()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let scope = &["scope_kind", "scope_id", "position"];
    let open = unique("ux_approval_steps_open", "approval_steps", &["order_id"])
        .and_where(Expr::col("state").eq("asked"))
        .take();
    let asked = index(
        "ix_approval_steps_asked",
        "approval_steps",
        &["asked", "order_id"],
    )
    .and_where(Expr::col("state").eq("asked"))
    .take();
    vec![
        index("ix_approval_rules_scope", "approval_rules", scope),
        unique(
            "ux_approval_steps_order_id_position",
            "approval_steps",
            &["order_id", "position"],
        ),
        open,
        asked,
        index(
            "ix_approval_step_approvers_step_id",
            "approval_step_approvers",
            &["step_id"],
        ),
        index(
            "ix_approval_step_approvers_user_id",
            "approval_step_approvers",
            &["user_id"],
        ),
        index("ix_deputies_deputy_id", "deputies", &["deputy_id"]),
    ]
}

fn table_of_decisions(name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(uuid("id").primary_key())
        .col(uuid("order_id"))
        .col(uuid("step_id"))
        .col(text("verdict"))
        .col(uuid_null("user_id"))
        .col(uuid_null("stood_in_for"))
        .col(text("rule"))
        .col(text("comment"))
        .col(moment("created_at"))
        .foreign_key(&mut references("order_id", "orders"))
        .foreign_key(&mut references("step_id", "approval_steps"))
        .foreign_key(&mut references("user_id", "users"))
        .foreign_key(&mut references("stood_in_for", "users"))
        .take()
}

fn table_of_decisions_before(name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(uuid("id").primary_key())
        .col(uuid("order_id"))
        .col(text("side"))
        .col(text("verdict"))
        .col(uuid_null("user_id"))
        .col(text("rule"))
        .col(text("comment"))
        .col(moment("created_at"))
        .foreign_key(&mut references("order_id", "orders"))
        .foreign_key(&mut references("user_id", "users"))
        .take()
}

async fn rename_decisions(manager: &SchemaManager<'_>, from: &'static str) -> Result<(), DbErr> {
    let rename = Table::rename().table(from, "order_decisions").take();
    manager.rename_table(rename).await
}

async fn index_decisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let of_order = index("ix_order_decisions_order_id", "order_decisions", &["order_id"]);
    manager.create_index(of_order).await
}
