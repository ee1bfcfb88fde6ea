//! A price of a month that is open can be corrected: a version that stands in the place of another, with who and why.

use sea_orm_migration::{
    prelude::*,
    schema::{text_null, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            uuid_null("corrects"),
            text_null("reason"),
            uuid_null("corrected_by"),
        ] {
            let add = Table::alter().table("plan_prices").add_column(column).take();
            manager.alter_table(add).await?;
        }
        Ok(())
    }

    /// What was corrected counts as it was published again: before, a version could not stand in another's place.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let forget = Query::delete()
            .from_table("plan_prices")
            .and_where(Expr::col("corrects").is_not_null())
            .take();
        manager.execute(forget).await?;
        for column in ["corrected_by", "reason", "corrects"] {
            let drop = Table::alter().table("plan_prices").drop_column(column).take();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
