//! What lists search is stored folded, because the two engines do not agree on what is the same letter.

use caseless::Caseless;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::Uuid;
use sea_orm_migration::sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Tables that get the column, with the columns that it is made from.
const TABLES: [(&str, &[&str]); 3] = [
    ("organizations", &["name", "slug"]),
    ("users", &["name", "email", "username"]),
    ("resources", &["name", "slug"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for (table, columns) in TABLES {
            db.execute_unprepared(&format!(
                "alter table {table} add column search_text text not null default ''"
            ))
            .await?;
            fill(db, table, columns).await?;
        }
        // Offerings have had the column; their words were only lower-cased.
        fill(db, "offerings", &["search_text"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for (table, _) in TABLES {
            db.execute_unprepared(&format!("alter table {table} drop column search_text"))
                .await?;
        }
        Ok(())
    }
}

async fn fill(db: &impl ConnectionTrait, table: &str, columns: &[&str]) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let select = format!("select id, {} from {table}", columns.join(", "));
    let rows = db.query_all_raw(Statement::from_string(backend, select)).await?;
    for row in rows {
        let id: Uuid = row.try_get("", "id")?;
        let texts: Result<Vec<String>, DbErr> = columns.iter().map(|column| folded(&row, column)).collect();
        let values: [Value; 2] = [texts?.join("\n").into(), id.into()];
        let update = format!("update {table} set search_text = $1 where id = $2");
        db.execute_raw(Statement::from_sql_and_values(backend, update, values))
            .await?;
    }
    Ok(())
}

fn folded(row: &QueryResult, column: &str) -> Result<String, DbErr> {
    let text: String = row.try_get("", column)?;
    let plain = text
        .nfkd()
        .filter(|letter| canonical_combining_class(*letter) < 10);
    Ok(plain.default_case_fold().nfkc().collect())
}
