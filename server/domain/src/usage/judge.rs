//! Whether a reported line can be kept, and if not, why. No database in here.

use chrono::{DateTime, TimeDelta, Utc};
use entity::component;
use model::{ChargeType, Fixed, UsageRefusal, UsageReport};

use crate::zone::Zone;

/// The longest window of one event.
const LONGEST: TimeDelta = TimeDelta::days(31);
/// Clocks of backends may run ahead of ours by this much.
const AHEAD: TimeDelta = TimeDelta::minutes(10);
const KEY_LENGTH: usize = 200;
const USERNAME_LENGTH: usize = 200;

/// The time in which usage of a resource can lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Life {
    pub(super) from: DateTime<Utc>,
    pub(super) until: Option<DateTime<Utc>>,
}

impl Life {
    /// Whole days of the billing time zone around activation and end.
    pub(super) fn of(zone: &Zone, activated: DateTime<Utc>, terminated: Option<DateTime<Utc>>) -> Self {
        let until = terminated.map(|end| zone.end_of(zone.day(end)));
        Self {
            from: zone.start_of(zone.day(activated)),
            until,
        }
    }
}

/// Why a line cannot be kept: a stable code and a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    pub(super) fn refusal(self, index: usize, key: &str) -> UsageRefusal {
        UsageRefusal {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            key: key.chars().take(KEY_LENGTH).collect(),
            code: self.code.to_owned(),
            message: self.message,
        }
    }
}

/// Checks everything that can be told from the line, its component and the resource's life.
pub(super) fn judge(
    line: &UsageReport,
    component: Option<&component::Model>,
    lived: Option<Life>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    check_key(line)?;
    let Some(component) = component else {
        let message = format!("The offering has no component “{}”.", shortened(&line.component));
        return Err(Fault::new("unknown_component", message));
    };
    check_window(line, now)?;
    let Some(lived) = lived else {
        return Err(Fault::new(
            "outside_life",
            "The resource has not been activated yet, so it cannot have been used.",
        ));
    };
    check_life(line, lived)?;
    check_quantity(line.quantity, component)
}

fn check_key(line: &UsageReport) -> Result<(), Fault> {
    let length = line.key.chars().count();
    if !(1..=KEY_LENGTH).contains(&length) || line.key.chars().any(char::is_control) {
        return Err(Fault::new(
            "key",
            format!("Give each line a key of 1 to {KEY_LENGTH} characters."),
        ));
    }
    let name = line.username.as_deref().unwrap_or_default();
    if name.chars().count() > USERNAME_LENGTH || name.chars().any(char::is_control) {
        return Err(Fault::new(
            "username",
            format!("A user name has at most {USERNAME_LENGTH} characters."),
        ));
    }
    Ok(())
}

fn check_window(line: &UsageReport, now: DateTime<Utc>) -> Result<(), Fault> {
    if line.window_end <= line.window_start {
        return Err(Fault::new("window", "The window must end after it starts."));
    }
    if line.window_end - line.window_start > LONGEST {
        return Err(Fault::new(
            "window",
            "A window is at most 31 days long; report longer use in parts.",
        ));
    }
    if line.window_end > now + AHEAD {
        return Err(Fault::new(
            "window",
            "The window ends in the future. Report use when it has happened.",
        ));
    }
    Ok(())
}

fn check_life(line: &UsageReport, lived: Life) -> Result<(), Fault> {
    if line.window_start < lived.from {
        let from = lived.from.format("%Y-%m-%d %H:%M UTC");
        return Err(Fault::new(
            "outside_life",
            format!("The resource was not in use before {from}."),
        ));
    }
    match lived.until.filter(|until| line.window_end > *until) {
        Some(until) => {
            let until = until.format("%Y-%m-%d %H:%M UTC");
            Err(Fault::new(
                "outside_life",
                format!("The resource was not in use after {until}."),
            ))
        }
        None => Ok(()),
    }
}

fn check_quantity(quantity: Fixed, component: &component::Model) -> Result<(), Fault> {
    if quantity.is_negative() {
        let advice = "A quantity cannot be below zero. To correct an earlier line, send its key with the right quantity.";
        return Err(Fault::new("negative", advice));
    }
    let cap = component.max.filter(|_| component.charge == ChargeType::Usage);
    match cap.filter(|cap| quantity > *cap) {
        Some(cap) => Err(Fault::new(
            "over_cap",
            format!("One line can report at most {cap} {}.", component.unit),
        )),
        None => Ok(()),
    }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(50).collect()
}
