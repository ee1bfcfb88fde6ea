//! Whether a reported line can be kept, and if not, why. No database in here.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::component;
use model::{
    BillingPeriod, CORRECTION_MONTHS, ChargeType, DateRange, Fixed, LimitPeriod, Month, UsageReport,
    first_correctable_day, pricing::counted,
};

use super::fault::{Fault, KEY_LENGTH, in_words};
use super::life::Life;
use crate::text;
use crate::zone::Zone;

/// The longest window of one event.
const LONGEST: TimeDelta = TimeDelta::days(31);
/// Clocks of backends may run ahead of ours by this much.
const AHEAD: TimeDelta = TimeDelta::minutes(10);
const USERNAME_LENGTH: usize = 200;

/// How much of a component can be reported in a period: its maximum, where it is charged by use.
#[derive(Debug, Clone)]
pub(super) struct Cap {
    pub(super) most: Option<Fixed>,
    /// What the component is called.
    pub(super) name: String,
    period: LimitPeriod,
    pub(super) unit: String,
}

impl Cap {
    pub(super) fn of(component: &component::Model) -> Self {
        Self {
            most: component.max.filter(|_| component.charge == ChargeType::Usage),
            period: component.limit_period,
            name: component.name.clone(),
            unit: component.unit.clone(),
        }
    }

    /// The calendar period of `day` in which the cap counts anew. Without a cap it is the month, whose sum must still be
    /// a number that can be stored.
    pub(super) fn period_of(&self, day: NaiveDate) -> DateRange {
        let whole = || DateRange {
            start: NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(day),
            end: NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(day),
        };
        match self.most {
            Some(_) => self
                .every()
                .map_or_else(whole, |every| every.containing(day).unwrap_or_else(whole)),
            None => Month::containing(day).range(),
        }
    }

    /// How often the cap counts anew; `None`: never.
    fn every(&self) -> Option<BillingPeriod> {
        let every = self.period.of_cap();
        (every != BillingPeriod::Once).then_some(every)
    }

    /// The refusal of a line with which `sum` would be reported in `period`.
    pub(super) fn exceeded(&self, period: DateRange, sum: Fixed) -> Fault {
        let most = self.most.unwrap_or(Fixed::MAX);
        let when = match self.period {
            LimitPeriod::Total => "in all".to_owned(),
            LimitPeriod::Month | LimitPeriod::Plan => {
                format!("for {}", Month::containing(period.start).title())
            }
            _ => format!(
                "from {} to {}",
                in_words(period.start),
                in_words(period.last_day())
            ),
        };
        let (sum, most) = (counted(sum, &self.unit), counted(most, &self.unit));
        let message = format!("With this, {sum} would be reported {when}; at most {most} can be.");
        Fault::new("over_cap", message)
    }
}

/// Checks everything that can be told from the line, its component and the resource's life; the component that it is of.
pub(super) fn validate<'c>(
    line: &UsageReport,
    component: Option<&'c component::Model>,
    lived: Option<&Life>,
    (zone, now): (&Zone, DateTime<Utc>),
) -> Result<&'c component::Model, Fault> {
    check_key(line)?;
    let Some(component) = component else {
        let message = format!("The offering has no component “{}”.", shortened(&line.component));
        return Err(Fault::new("unknown_component", message));
    };
    check_metered(component)?;
    check_window(line, now)?;
    let Some(lived) = lived else {
        return Err(Fault::new(
            "outside_life",
            "The resource has not been activated yet, so it cannot have been used.",
        ));
    };
    lived.check(line, zone)?;
    check_age(line, zone, now)?;
    if line.quantity.is_negative() {
        let advice = "A quantity cannot be below zero. To correct what was reported, report the right quantity in its place.";
        return Err(Fault::new("negative", advice));
    }
    Ok(component)
}

fn check_metered(component: &component::Model) -> Result<(), Fault> {
    if component.charge.is_measured() {
        return Ok(());
    }
    let charged = component.charge.label().to_lowercase();
    let message = format!("{} is not measured: it is a {charged}.", component.name);
    Err(Fault::new("not_metered", message))
}

/// The first instant whose use can still be reported.
pub(super) fn correctable_since(zone: &Zone, now: DateTime<Utc>) -> DateTime<Utc> {
    zone.start_of(first_correctable_day(zone.day(now)))
}

fn check_age(line: &UsageReport, zone: &Zone, now: DateTime<Utc>) -> Result<(), Fault> {
    let since = correctable_since(zone, now);
    if line.window_start >= since {
        return Ok(());
    }
    let message = format!(
        "This is too late: use can be reported for {CORRECTION_MONTHS} months, now from {} on.",
        in_words(zone.day(since))
    );
    Err(Fault::new("too_old", message))
}

fn check_key(line: &UsageReport) -> Result<(), Fault> {
    let length = line.key.chars().count();
    if !(1..=KEY_LENGTH).contains(&length) || text::hides(&line.key) || !text::is_visible(&line.key) {
        return Err(Fault::new(
            "key",
            format!("Give each line a key of 1 to {KEY_LENGTH} characters that can be seen."),
        ));
    }
    check_username(line.username.as_deref().unwrap_or_default())
}

/// As every name: bills and reports show it.
fn check_username(name: &str) -> Result<(), Fault> {
    let long = name.chars().count() > USERNAME_LENGTH;
    if long || text::hides(name) || !name.is_empty() && !text::is_visible(name) {
        return Err(Fault::new(
            "username",
            format!("A user name has at most {USERNAME_LENGTH} characters, and none that cannot be seen."),
        ));
    }
    Ok(())
}

fn check_window(line: &UsageReport, now: DateTime<Utc>) -> Result<(), Fault> {
    if line.window_start > now + AHEAD {
        return Err(Fault::new(
            "window",
            "This time lies in the future. Report use when it has happened.",
        ));
    }
    if line.window_end <= line.window_start {
        return Err(Fault::new("window", "The time of use must end after it starts."));
    }
    if line.window_end - line.window_start > LONGEST {
        return Err(Fault::new(
            "window",
            "One line of use covers at most 31 days; report longer use in parts.",
        ));
    }
    if line.window_end > now + AHEAD {
        return Err(Fault::new(
            "window",
            "This time ends in the future. Report use when it has happened.",
        ));
    }
    Ok(())
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(50).collect()
}
