//! What identifies an organization on documents, and what its tax depends on, is kept by month: closing a month late must
//! not print what changed since. Time zones keep their history as well, so that no instant changes its day.

use sea_orm_migration::{
    prelude::*,
    schema::{text, uuid, uuid_null},
};

use crate::column::{drop_tables, fixed, moment, moment_null, primary_key, references};
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
            .table("organization_versions")
            .col(uuid("organization_id"))
            .col(text("valid_from"))
            .col(text("name"))
            .col(text("legal_name"))
            .col(text("registration_number"))
            .col(text("vat_number"))
            .col(text("address"))
            .col(text("country"))
            .col(fixed("tax_percent"))
            .col(moment_null("verified_at"))
            .col(uuid_null("verified_by"))
            .col(moment("changed_at"))
            .primary_key(&mut primary_key(&["organization_id", "valid_from"]))
            .foreign_key(&mut references("organization_id", "organizations"))
            .foreign_key(&mut references("verified_by", "users"))
            .take();
        manager.create_table(table).await?;
        let sql = Dialects {
            sqlite: include_str!("sql/version_organizations_up.sqlite.sql"),
            postgres: include_str!("sql/version_organizations_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: include_str!("sql/version_organizations_down.sqlite.sql"),
            postgres: include_str!("sql/version_organizations_down.postgres.sql"),
        };
        run(manager, sql).await?;
        drop_tables(manager, &["organization_versions"]).await
    }
}
