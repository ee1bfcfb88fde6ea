//! Whether a schema itself is sound. Providers write schemas, so every fault names its place: `fields.2.default`.

use super::fault::Fault;
use super::parse::checked;
use super::raw;
use super::spelling;
use super::{Field, FieldChoice, FieldError, FieldKind, Schema};

/// Most fields in a form.
const MOST_FIELDS: usize = 100;
/// Most choices of a field.
const MOST_CHOICES: usize = 1_000;
/// Greatest length that a field may allow.
const GREATEST_LENGTH: u32 = 100_000;

impl Schema {
    /// All faults of the schema, or nothing.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let mut faults = Vec::new();
        if self.fields.len() > MOST_FIELDS {
            faults.push(FieldError::at(
                "fields",
                "too_many",
                format!("Use at most {MOST_FIELDS} fields."),
            ));
        }
        for (index, field) in self.fields.iter().enumerate() {
            let before = self.fields.get(..index).unwrap_or_default();
            for (place, fault) in field_faults(field, before) {
                faults.push(FieldError::at(
                    format!("fields.{index}.{place}"),
                    fault.code,
                    fault.message,
                ));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

type Placed = (&'static str, Fault);

fn field_faults(field: &Field, before: &[Field]) -> Vec<Placed> {
    let mut faults = Vec::new();
    if !is_key(&field.key) {
        faults.push((
            "key",
            Fault::new(
                "invalid_key",
                "Start with a lower-case letter, then use up to 49 lower-case letters, digits or _.",
            ),
        ));
    }
    if before.iter().any(|other| other.key == field.key) {
        faults.push((
            "key",
            Fault::new(
                "duplicate",
                "Another field has this key already. Choose a different one.",
            ),
        ));
    }
    if field.label.trim().is_empty() || field.label.chars().count() > 200 {
        faults.push((
            "label",
            Fault::new("required", "Give the field a name of at most 200 characters."),
        ));
    }
    faults.extend(kind_faults(&field.kind));
    faults.extend(spelling::misplaced(field).map(|fault| ("spelling", fault)));
    faults.extend(condition_fault(field, before).map(|fault| ("visible_when", fault)));
    if faults.is_empty() {
        faults.extend(default_fault(field).map(|fault| ("default", fault)));
    }
    faults
}

/// Whether the text is a key of a field, an action or a condition: a lower-case letter, then up to 49 lower-case letters, digits
/// or `_`.
pub fn is_key(key: &str) -> bool {
    key.len() <= 50
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn kind_faults(kind: &FieldKind) -> Vec<Placed> {
    match kind {
        FieldKind::String {
            min_length,
            max_length,
        }
        | FieldKind::Text {
            min_length,
            max_length,
        } => lengths(*min_length, *max_length).into_iter().collect(),
        FieldKind::Integer { min, max, step, .. } => bounds(min.as_ref(), max.as_ref())
            .into_iter()
            .chain(step_fault(step.is_some_and(|step| step <= 0)))
            .collect(),
        FieldKind::Decimal { min, max, step, .. } => {
            let bad_step = step.is_some_and(|step| !step.is_positive());
            bounds(min.as_ref(), max.as_ref())
                .into_iter()
                .chain(step_fault(bad_step))
                .collect()
        }
        FieldKind::Choice { choices } => choice_fault(choices).into_iter().collect(),
        FieldKind::MultipleChoice {
            choices,
            min_choices,
            max_choices,
        } => choice_fault(choices)
            .into_iter()
            .chain(bounds(min_choices.as_ref(), max_choices.as_ref()))
            .collect(),
        FieldKind::List {
            min_items,
            max_items,
            max_length,
        } => bounds(min_items.as_ref(), max_items.as_ref())
            .into_iter()
            .chain(lengths(None, *max_length))
            .collect(),
        FieldKind::Date { min, max } => bounds(min.as_ref(), max.as_ref()).into_iter().collect(),
        FieldKind::Boolean | FieldKind::Url | FieldKind::SshKey | FieldKind::Secret => Vec::new(),
    }
}

fn bounds<T: PartialOrd>(min: Option<&T>, max: Option<&T>) -> Option<Placed> {
    let crossed = min.zip(max).is_some_and(|(min, max)| min > max);
    crossed.then(|| {
        (
            "min",
            Fault::new("bounds", "The least value is above the greatest. Exchange them."),
        )
    })
}

fn lengths(min: Option<u32>, max: Option<u32>) -> Option<Placed> {
    if max.is_some_and(|max| max == 0 || max > GREATEST_LENGTH) {
        return Some((
            "max_length",
            Fault::new("out_of_range", "Enter a whole number from 1 to 100000."),
        ));
    }
    bounds(min.as_ref(), max.as_ref())
}

fn step_fault(bad: bool) -> Option<Placed> {
    bad.then(|| ("step", Fault::new("out_of_range", "The step must be above zero.")))
}

fn choice_fault(choices: &[FieldChoice]) -> Option<Placed> {
    let mut values: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
    values.sort_unstable();
    values.dedup();
    let blank = |choice: &FieldChoice| {
        choice.value.trim() != choice.value || choice.value.is_empty() || choice.label.trim().is_empty()
    };
    let (code, message) = match () {
        () if choices.is_empty() => ("required", "Add at least one choice."),
        () if choices.len() > MOST_CHOICES => ("too_many", "Use at most 1,000 choices."),
        () if choices.iter().any(blank) => (
            "required",
            "Give each choice a value without surrounding blanks, and a label.",
        ),
        () if values.len() < choices.len() => {
            ("duplicate", "Two choices have the same value. Make them differ.")
        }
        () => return None,
    };
    Some(("choices", Fault::new(code, message)))
}

fn condition_fault(field: &Field, before: &[Field]) -> Option<Fault> {
    let condition = field.visible_when.as_ref()?;
    let Some(other) = before.iter().find(|other| other.key == condition.field) else {
        return Some(Fault::new("unknown", "Name a field that stands before this one."));
    };
    if other.kind == FieldKind::Secret {
        return Some(Fault::new("secret", "A secret cannot decide what is shown."));
    }
    let possible = |text: &String| match &other.kind {
        FieldKind::Boolean => text == "true" || text == "false",
        kind if kind.choices().is_empty() => !text.is_empty(),
        kind => kind.choices().iter().any(|choice| choice.value == *text),
    };
    let sound = !condition.equals.is_empty() && condition.equals.iter().all(possible);
    (!sound).then(|| {
        Fault::new(
            "impossible",
            format!("Choose values that {} can have.", other.label),
        )
    })
}

fn default_fault(field: &Field) -> Option<Fault> {
    let default = field.default.as_ref()?;
    if field.kind == FieldKind::Secret {
        return Some(Fault::new(
            "secret",
            "A secret has no default: everybody would see it.",
        ));
    }
    raw::from_json(&field.kind, default)
        .and_then(|value| checked(field, value))
        .err()
}
