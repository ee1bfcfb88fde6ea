//! Plans that said "in advance" were charged in arrears all the same. Those that anybody has had stay with what was done:
//! otherwise a quarter that is under way would have been due in a month that is closed, and would never be billed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Where a plan's terms are versions already, all that are there are from before.
        let (table, key) = if manager.has_column("plans", "charge_mode").await? {
            ("plans", "id")
        } else {
            ("plan_terms", "plan_id")
        };
        let had = Query::select()
            .column("plan_id")
            .from("resource_intervals")
            .take();
        let keep = Query::update()
            .table(table)
            .value("charge_mode", "arrears")
            .and_where(Expr::col("charge_mode").eq("advance"))
            .and_where(Expr::col(key).in_subquery(had))
            .take();
        manager.execute(keep).await
    }

    /// What a plan said before is not known any more; it was without effect.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
