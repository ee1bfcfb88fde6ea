//! The few kinds of columns, keys and indexes that every table is made of. Released steps lean on these: add, never change.

use sea_orm_migration::{prelude::*, schema};

/// An amount or a quantity: 10^-9 of a unit in a BIGINT, because floats and `SQLite`'s decimals lose digits.
pub(crate) fn fixed(name: &'static str) -> ColumnDef {
    schema::big_integer(name)
}

/// An amount or a quantity that may be absent.
pub(crate) fn fixed_null(name: &'static str) -> ColumnDef {
    schema::big_integer_null(name)
}

/// A moment in UTC.
pub(crate) fn moment(name: &'static str) -> ColumnDef {
    schema::timestamp_with_time_zone(name)
}

/// A moment in UTC that may be absent.
pub(crate) fn moment_null(name: &'static str) -> ColumnDef {
    schema::timestamp_with_time_zone_null(name)
}

/// `column` names a row of `parent`, which cannot go away meanwhile.
pub(crate) fn references(column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from_col(column).to(parent, "id").take()
}

/// `column` names the row of `parent` that this row belongs to and goes away with.
pub(crate) fn belongs_to(column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    references(column, parent)
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

/// An index for a query that filters or sorts by `columns`.
pub(crate) fn index(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).take();
    for column in columns {
        index.col(*column);
    }
    index
}

/// An index that lets no two rows agree in `columns`.
pub(crate) fn unique(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}

/// The primary key of a table that is keyed by more than one column.
pub(crate) fn primary_key(columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(*column);
    }
    key.primary().take()
}

/// Drops tables in the order given: children before their parents.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}
