//! Providers may use the backends that they were assigned. So far they could name any: each gets what its offerings name, so that
//! they go on working. Only SLURM's clusters, parent accounts and qualities of service have to be assigned by now.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm_migration::{
    prelude::*,
    schema::{json_binary, text, uuid},
    sea_orm::{
        self, ConnectionTrait, FromQueryResult,
        prelude::{DateTimeUtc, Json, Uuid},
    },
};

use crate::column::{drop_tables, index, moment, references};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("assigned_backends")
            .col(uuid("id").primary_key())
            .col(uuid("provider_id"))
            .col(text("plugin"))
            .col(json_binary("settings"))
            .col(moment("assigned_at"))
            .foreign_key(&mut references("provider_id", "organizations"))
            .take();
        manager.create_table(table).await?;
        let of_provider = index(
            "ix_assigned_backends_provider_id",
            "assigned_backends",
            &["provider_id"],
        );
        manager.create_index(of_provider).await?;
        for row in named_so_far(manager).await? {
            manager.execute(row).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["assigned_backends"]).await
    }
}

/// An offering that is provisioned on SLURM.
#[derive(FromQueryResult)]
struct OnSlurm {
    id: Uuid,
    provider_id: Uuid,
    settings: Json,
    created_at: DateTimeUtc,
}

/// The offering that named it first, and every quality of service that is named with it.
type Named = (Uuid, DateTimeUtc, BTreeSet<String>);

/// One row for each provider, cluster and parent account.
async fn named_so_far(manager: &SchemaManager<'_>) -> Result<Vec<InsertStatement>, DbErr> {
    let select = Query::select()
        .columns(["id", "provider_id", "settings", "created_at"])
        .from("offerings")
        .and_where(Expr::col("plugin").eq("slurm"))
        .order_by("created_at", Order::Asc)
        .order_by("id", Order::Asc)
        .take();
    let db = manager.get_connection();
    let rows = OnSlurm::find_by_statement(db.get_database_backend().build(&select))
        .all(db)
        .await?;
    let mut named: BTreeMap<(Uuid, String, String), Named> = BTreeMap::new();
    for row in rows {
        let Some(cluster) = text_of(&row.settings, "cluster") else {
            continue;
        };
        // Left empty it always was the root.
        let parent = text_of(&row.settings, "parent_account").unwrap_or_else(|| "root".to_owned());
        let (.., qos) = named
            .entry((row.provider_id, cluster, parent))
            .or_insert_with(|| (row.id, row.created_at, BTreeSet::new()));
        qos.extend(text_of(&row.settings, "default_qos"));
    }
    named.into_iter().map(assigned).collect()
}

fn text_of(settings: &Json, key: &str) -> Option<String> {
    let text = settings.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn assigned(
    ((provider, cluster, parent), (offering, since, qos)): ((Uuid, String, String), Named),
) -> Result<InsertStatement, DbErr> {
    let mut settings = Json::from_iter([("cluster", cluster), ("parent_account", parent)]);
    if let Some(settings) = settings.as_object_mut().filter(|_| !qos.is_empty()) {
        settings.insert("default_qos".to_owned(), qos.into_iter().collect());
    }
    let mut insert = Query::insert();
    insert.into_table("assigned_backends").columns([
        "id",
        "provider_id",
        "plugin",
        "settings",
        "assigned_at",
    ]);
    // An offering names one backend, so the first that named it can lend its id.
    let values = [
        Expr::value(offering),
        Expr::value(provider),
        Expr::value("slurm"),
        Expr::value(settings),
        Expr::value(since),
    ];
    insert
        .values(values)
        .map_err(|fault| DbErr::Migration(fault.to_string()))?;
    Ok(insert)
}
