//! A meter event as a program sent it, before it is known to be one: what is wrong with a line refuses that line, and
//! the others of its batch are kept.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{UsageRefusal, UsageReport};
use crate::FixedError;

/// How much of a component a resource used in a stretch of time: one line of a batch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = UsageReport))]
#[serde(deny_unknown_fields)]
pub struct SentUsage {
    /// The resource.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::ResourceId, required = true))]
    pub resource_id: Json,
    /// Component code.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "cpu", required = true))]
    pub component: Json,
    /// When the use began, included.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = DateTime<Utc>, required = true))]
    pub window_start: Json,
    /// When the use ended, not included.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = DateTime<Utc>, required = true))]
    pub window_end: Json,
    /// How much, in the component's unit, as text; not negative.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::Fixed, required = true))]
    pub quantity: Json,
    /// Idempotency key, unique per resource, 1 to 200 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "job 4711", required = true))]
    pub key: Json,
    /// Who used it, as the backend names the person.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub username: Json,
}

impl SentUsage {
    /// The report that a program sent at position `index` of its batch, or why it is none: `invalid` where the line is no
    /// object or has other fields, otherwise as [`SentUsage::read`] says.
    pub fn read_line(line: &Json, index: usize) -> Result<UsageReport, UsageRefusal> {
        let said = if line.is_object() {
            match Self::deserialize(line) {
                Ok(sent) => return sent.read(index),
                Err(fault) => fault.to_string(),
            }
        } else {
            "it is no object".to_owned()
        };
        let key = line.get("key").and_then(text).unwrap_or_default();
        let said: String = said.chars().take(300).collect();
        Err(UsageRefusal {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            key: key.chars().take(200).collect(),
            code: "invalid".to_owned(),
            message: format!("This line cannot be read: {said}."),
        })
    }

    /// The report at position `index` of its batch, or why it is none: `unknown_resource`, `window`, `not_a_number`,
    /// `too_large`, `key`, `username`, `unknown_component`. Whether it can be recorded is for others to say.
    pub fn read(&self, index: usize) -> Result<UsageReport, UsageRefusal> {
        let key = text(&self.key).unwrap_or_default();
        let refuse = |code: &str, message: String| UsageRefusal {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            key: key.chars().take(200).collect(),
            code: code.to_owned(),
            message,
        };
        let resource_id = text(&self.resource_id).and_then(|text| text.parse().ok());
        let resource_id = resource_id.ok_or_else(|| {
            let message = "There is no such resource, or it is not yours to report on.";
            refuse("unknown_resource", message.to_owned())
        })?;
        let component = text(&self.component)
            .ok_or_else(|| refuse("unknown_component", "Name the component by its code.".to_owned()))?;
        let instant = |name: &str, value: &Json| -> Result<DateTime<Utc>, UsageRefusal> {
            let at = text(value).and_then(|text| text.parse().ok());
            at.ok_or_else(|| refuse("window", format!("Write {name} like 2026-11-01T00:00:00Z.")))
        };
        // A number would be read as a float, and be another one than was measured.
        let quantity = text(&self.quantity).ok_or_else(|| {
            refuse(
                "not_a_number",
                "Send the quantity as text, like \"12.5\".".to_owned(),
            )
        })?;
        let quantity = quantity.parse().map_err(|fault| {
            let (code, message) = quantity_fault(fault);
            refuse(code, message.to_owned())
        })?;
        if !self.key.is_string() {
            return Err(refuse(
                "key",
                "Give each line a key of 1 to 200 characters.".to_owned(),
            ));
        }
        let username = match &self.username {
            Json::Null => None,
            Json::String(name) => Some(name.clone()),
            _ => return Err(refuse("username", "Send the user name as text.".to_owned())),
        };
        Ok(UsageReport {
            resource_id,
            component: component.to_owned(),
            window_start: instant("window_start", &self.window_start)?,
            window_end: instant("window_end", &self.window_end)?,
            quantity,
            key: key.to_owned(),
            username,
        })
    }
}

/// Code and words for a quantity that is none.
pub fn quantity_fault(fault: FixedError) -> (&'static str, &'static str) {
    match fault {
        FixedError::NotANumber => ("not_a_number", "The quantity is not a number, like 12.5."),
        FixedError::TooManyDecimals => ("not_a_number", "A quantity has at most 9 decimals."),
        FixedError::OutOfRange => (
            "too_large",
            "The quantity is too large; the limit is about 9.2 thousand million.",
        ),
    }
}

fn text(value: &Json) -> Option<&str> {
    value.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(change: impl FnOnce(&mut SentUsage)) -> Result<UsageReport, (String, u32)> {
        let mut sent = SentUsage {
            resource_id: "0190aaaa-0000-7000-8000-000000000001".into(),
            component: "cpu".into(),
            window_start: "2025-03-10T06:00:00Z".into(),
            window_end: "2025-03-10T09:00:00Z".into(),
            quantity: "1.5".into(),
            key: "a".into(),
            username: Json::Null,
        };
        change(&mut sent);
        sent.read(7).map_err(|refusal| (refusal.code, refusal.index))
    }

    #[test]
    fn a_line_as_described_is_a_report() {
        assert_eq!(line(|_| {}).unwrap().quantity, "1.5".parse().unwrap());
    }

    #[test]
    fn what_is_no_line_is_refused_alone() {
        let read = |line: Json| SentUsage::read_line(&line, 3).unwrap_err();
        for line in [Json::Null, 7.into(), serde_json::json!([]), "x".into()] {
            let refused = read(line.clone());
            assert_eq!((refused.code.as_str(), refused.index), ("invalid", 3), "{line}");
        }
        let unknown = read(serde_json::json!({ "key": "b", "colour": "red" }));
        assert_eq!((unknown.code.as_str(), unknown.key.as_str()), ("invalid", "b"));
        assert!(unknown.message.contains("colour"), "{}", unknown.message);
    }

    #[test]
    fn each_fault_refuses_its_line_with_a_reason() {
        for bad in ["NaN", "Infinity", "-inf", "1e3", "", "0x10", "1.0000000001"] {
            assert_eq!(
                line(|sent| sent.quantity = bad.into()).unwrap_err(),
                ("not_a_number".into(), 7),
                "{bad}"
            );
        }
        // A number would have been a float on its way here.
        assert_eq!(
            line(|sent| sent.quantity = 1.5.into()).unwrap_err().0,
            "not_a_number"
        );
        assert_eq!(
            line(|sent| sent.quantity = Json::Null).unwrap_err().0,
            "not_a_number"
        );
        assert_eq!(
            line(|sent| sent.quantity = "10000000000".into()).unwrap_err().0,
            "too_large"
        );
        assert_eq!(
            line(|sent| sent.resource_id = "7".into()).unwrap_err().0,
            "unknown_resource"
        );
        assert_eq!(
            line(|sent| sent.component = 3.into()).unwrap_err().0,
            "unknown_component"
        );
        assert_eq!(
            line(|sent| sent.window_end = "soon".into()).unwrap_err().0,
            "window"
        );
        assert_eq!(line(|sent| sent.key = Json::Null).unwrap_err().0, "key");
        assert_eq!(line(|sent| sent.username = 5.into()).unwrap_err().0, "username");
    }
}
