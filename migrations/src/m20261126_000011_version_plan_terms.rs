//! The terms of a plan are versions, like its prices.
//! What plans have today becomes their first version, under which changes came without notice, as they did. From now on
//! changes need the usual notice of 30 days: that is the second version.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, small_integer_null, text, uuid},
};

use crate::column::{drop_tables, fixed, moment, references, unique};
use crate::engine::{Dialects, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("plan_terms")
            .col(uuid("id").primary_key())
            .col(uuid("plan_id"))
            .col(integer("version"))
            .col(moment("starts_at"))
            .col(text("billing_period"))
            .col(text("proration"))
            .col(text("charge_mode"))
            .col(fixed("setup_fee"))
            .col(small_integer_null("notice_days"))
            .col(moment("created_at"))
            .foreign_key(&mut references("plan_id", "plans"))
            .take();
        manager.create_table(table).await?;
        manager
            .create_index(unique(
                "ux_plan_terms_plan_id_version",
                "plan_terms",
                &["plan_id", "version"],
            ))
            .await?;
        let sql = Dialects {
            sqlite: include_str!("sql/version_plan_terms_up.sqlite.sql"),
            postgres: include_str!("sql/version_plan_terms_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: include_str!("sql/version_plan_terms_down.sqlite.sql"),
            postgres: include_str!("sql/version_plan_terms_down.postgres.sql"),
        };
        run(manager, sql).await?;
        drop_tables(manager, &["plan_terms"]).await
    }
}
