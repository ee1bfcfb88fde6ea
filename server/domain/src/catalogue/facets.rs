//! Facets: attributes of a category by which its offerings can be narrowed, with counts, in one query.

use std::collections::HashMap;

use entity::{category, offering, offering_facet};
use model::{Facet, FacetValue, Field, FieldKind, OfferingId, Schema, Value, Values};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
    JoinType, QueryFilter, QuerySelect, RelationTrait,
};

/// The facets of the offerings that `base` lets through. Values of a key are counted under the filters of the other keys
/// but not of its own, so that a second value of the same key can be added to the search.
pub(super) async fn load<C: ConnectionTrait>(
    conn: &C,
    category: &category::Model,
    base: Condition,
    asked: &[(String, Vec<String>)],
) -> Result<Vec<Facet>, DbErr> {
    let fits_others = asked.iter().fold(base, |all, (key, values)| {
        let own = offering_facet::Column::Key.eq(key);
        all.add(Condition::any().add(own).add(with_facet(key, values)))
    });
    let rows: Vec<(String, String, i64)> = offering_facet::Entity::find()
        .select_only()
        .column(offering_facet::Column::Key)
        .column(offering_facet::Column::Value)
        .column_as(offering_facet::Column::OfferingId.count(), "count")
        .join(JoinType::InnerJoin, offering_facet::Relation::Offering.def())
        .filter(fits_others)
        .group_by(offering_facet::Column::Key)
        .group_by(offering_facet::Column::Value)
        .into_tuple()
        .all(conn)
        .await?;
    let counts: HashMap<(String, String), i64> = rows
        .into_iter()
        .map(|(key, value, count)| ((key, value), count))
        .collect();
    let schema = category.schema()?;
    Ok(schema
        .fields
        .iter()
        .filter_map(|field| facet(field, &counts, asked))
        .collect())
}

/// "Has one of these values under this key."
pub(super) fn with_facet(key: &str, values: &[String]) -> Condition {
    let mut having = Query::select();
    having
        .column(offering_facet::Column::OfferingId)
        .from(offering_facet::Entity)
        .cond_where(offering_facet::Column::Key.eq(key))
        .cond_where(offering_facet::Column::Value.is_in(values.iter().map(String::as_str)));
    Condition::all().add(offering::Column::Id.in_subquery(having))
}

fn facet(
    field: &Field,
    counts: &HashMap<(String, String), i64>,
    asked: &[(String, Vec<String>)],
) -> Option<Facet> {
    let wanted = asked
        .iter()
        .find(|(key, _)| *key == field.key)
        .map(|(_, values)| values.as_slice());
    let mut values: Vec<FacetValue> = choices(field)
        .into_iter()
        .map(|(value, label)| FacetValue {
            count: counts
                .get(&(field.key.clone(), value.clone()))
                .and_then(|count| u64::try_from(*count).ok())
                .unwrap_or(0),
            selected: wanted.is_some_and(|wanted| wanted.contains(&value)),
            value,
            label,
        })
        .filter(|value| value.count > 0 || value.selected)
        .collect();
    // Stable: values with the same count keep the order of the schema.
    values.sort_by_key(|value| std::cmp::Reverse(value.count));
    (!values.is_empty()).then(|| Facet {
        key: field.key.clone(),
        label: field.label.clone(),
        values,
    })
}

/// The values a facet of this field can have; fields with open values are no facets.
fn choices(field: &Field) -> Vec<(String, String)> {
    match &field.kind {
        FieldKind::Boolean => vec![("true".into(), "Yes".into()), ("false".into(), "No".into())],
        kind => kind
            .choices()
            .iter()
            .map(|choice| (choice.value.clone(), choice.label.clone()))
            .collect(),
    }
}

/// Rewrites the facet values of an offering from its attributes.
pub(super) async fn store_in(
    tx: &DatabaseTransaction,
    offering_id: OfferingId,
    schema: &Schema,
    attributes: &Values,
) -> Result<(), DbErr> {
    use offering_facet::{Column, Entity, Model};
    Entity::delete_many()
        .filter(Column::OfferingId.eq(offering_id))
        .exec(tx)
        .await?;
    let rows: Vec<_> = schema
        .fields
        .iter()
        .filter_map(|field| Some((field, attributes.get(&field.key)?)))
        .flat_map(|(field, value)| {
            stored(value)
                .into_iter()
                .map(move |value| (field.key.clone(), value))
        })
        .map(|(key, value)| {
            Model {
                offering_id,
                key,
                value,
            }
            .into_active_model()
        })
        .collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn stored(value: &Value) -> Vec<String> {
    match value {
        Value::Boolean(_) | Value::Choice(_) | Value::Choices(_) => value.to_form(),
        _ => Vec::new(),
    }
}
