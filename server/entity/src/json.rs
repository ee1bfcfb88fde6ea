//! Typed access to JSON columns.

use std::collections::BTreeMap;

use model::Fixed;
use sea_orm::{DbErr, entity::prelude::Json};
use serde::{Serialize, de::DeserializeOwned};

/// Limits of a resource: component code to quantity.
pub type Limits = BTreeMap<String, Fixed>;

/// The value of a JSON column, or an error that names the column (`table.column`).
pub fn read<T: DeserializeOwned>(column: &'static str, stored: &Json) -> Result<T, DbErr> {
    T::deserialize(stored).map_err(|fault| DbErr::Json(format!("{column}: {fault}")))
}

/// As [`read`], of a column that may be empty.
pub fn read_or_default<T: DeserializeOwned + Default>(
    column: &'static str,
    stored: Option<&Json>,
) -> Result<T, DbErr> {
    stored.map_or_else(|| Ok(T::default()), |stored| read(column, stored))
}

/// A value as it is stored in the JSON column (`table.column`).
pub fn write<T: Serialize>(column: &'static str, value: &T) -> Result<Json, DbErr> {
    serde_json::to_value(value).map_err(|fault| DbErr::Json(format!("{column}: {fault}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_reads_back_and_faults_name_the_column() {
        let limits = Limits::from([("cpu".to_owned(), Fixed::ONE)]);
        let stored = write("orders.limits", &limits).unwrap();
        assert_eq!(stored, serde_json::json!({"cpu": "1"}));
        assert_eq!(read::<Limits>("orders.limits", &stored).unwrap(), limits);
        let fault = read::<Limits>("orders.limits", &Json::from(3)).unwrap_err();
        assert!(fault.to_string().contains("orders.limits"), "{fault}");
    }
}
