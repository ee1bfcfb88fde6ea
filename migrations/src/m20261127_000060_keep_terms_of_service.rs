//! An order keeps the version of the terms of service that was accepted; now the text of each version is kept, too. Of
//! texts that were replaced before, nothing is left: only the present one becomes a version.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, text, uuid, uuid_null},
};

use crate::column::{belongs_to, drop_tables, moment, primary_key, references};
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
            .table("offering_terms")
            .col(uuid("offering_id"))
            .col(integer("version"))
            .col(text("text"))
            .col(moment("created_at"))
            .col(uuid_null("created_by"))
            .primary_key(&mut primary_key(&["offering_id", "version"]))
            .foreign_key(&mut belongs_to("offering_id", "offerings"))
            .foreign_key(&mut references("created_by", "users"))
            .take();
        manager.create_table(table).await?;
        let sql = Dialects {
            sqlite: include_str!("sql/keep_terms_of_service_up.sqlite.sql"),
            postgres: include_str!("sql/keep_terms_of_service_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["offering_terms"]).await
    }
}
