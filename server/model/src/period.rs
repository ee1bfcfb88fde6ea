//! Calendar months, half-open intervals, and the periods by which things are billed and limited.
//!
//! Dates are those of an organization's billing time zone; whoever calls has already converted instants to them.

mod interval;
mod month;

use chrono::{Datelike, Months, NaiveDate};

pub use interval::{DateRange, Window};
pub use month::{Month, MonthError, is_known_year};

use crate::text_enum;

text_enum! {
    /// How often a plan charges.
    BillingPeriod {
        /// Every hour.
        Hour = "hour", "Hourly";
        /// Every day.
        Day = "day", "Daily";
        /// Every month.
        Month = "month", "Monthly";
        /// Every three months.
        Quarter = "quarter", "Quarterly";
        /// Every six months.
        HalfYear = "half_year", "Every six months";
        /// Every year.
        Year = "year", "Yearly";
        /// Once, at the start.
        Once = "once", "Once";
    }
}

text_enum! {
    /// Over which time a limit counts.
    #[derive(Default)]
    LimitPeriod {
        /// Anew in each period of the plan; once where the plan is charged once.
        #[default]
        Plan = "plan", "per period of the plan";
        /// Anew every month.
        Month = "month", "per month";
        /// Anew every three months.
        Quarter = "quarter", "per quarter";
        /// Anew every six months.
        HalfYear = "half_year", "per half-year";
        /// Anew every year.
        Year = "year", "per year";
        /// Over the whole life of the resource.
        Total = "total", "in total";
    }
}

text_enum! {
    /// How a period that is only partly used is charged.
    #[derive(Default)]
    Proration {
        /// By calendar days.
        #[default]
        Day = "day", "By the day";
        /// By hours.
        Hour = "hour", "By the hour";
        /// Not at all: whole periods.
        None = "none", "Whole periods";
    }
}

impl BillingPeriod {
    /// Its length in months, where it has one.
    pub fn months(self) -> Option<u32> {
        match self {
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::HalfYear => Some(6),
            Self::Year => Some(12),
            Self::Hour | Self::Day | Self::Once => None,
        }
    }

    /// The calendar period that contains `date`. `None` for hours, which have no dates, and for `Once`.
    pub fn containing(self, date: NaiveDate) -> Option<DateRange> {
        if self == Self::Day {
            return DateRange::new(date, date.succ_opt()?);
        }
        let months = self.months()?;
        let first = NaiveDate::from_ymd_opt(date.year(), date.month0() / months * months + 1, 1)?;
        DateRange::new(first, first.checked_add_months(Months::new(months))?)
    }

    /// The period that contains `date` when periods are counted from `anchor`. Each boundary is counted from the
    /// anchor itself, so that one started on the 31st returns to the 31st after a short month.
    /// `None` for hours and `Once`, and where `date` is before `anchor`.
    pub fn anniversary(self, anchor: NaiveDate, date: NaiveDate) -> Option<DateRange> {
        self.counted_to(anchor.day(), anchor, date)
    }

    /// The period that contains `date` when the periods of a term are counted from its first day; see [`months_started`] for
    /// what follows a term from the 31st. `None` for hours and `Once`, and where `date` is before the term.
    pub(crate) fn in_term(self, term: DateRange, date: NaiveDate) -> Option<DateRange> {
        self.counted_to(day_of_months(term), term.start, date)
    }

    fn counted_to(self, day_of_month: u32, anchor: NaiveDate, date: NaiveDate) -> Option<DateRange> {
        if date < anchor {
            return None;
        }
        if self == Self::Day {
            return self.containing(date);
        }
        let months = self.months()?;
        let years = u32::try_from(date.year() - anchor.year()).ok()?;
        let apart = (years * 12 + date.month()).checked_sub(anchor.month())?;
        let boundary = |index: u32| months_after(anchor, day_of_month, index.checked_mul(months)?);
        let mut index = apart / months;
        if boundary(index)? > date {
            index = index.checked_sub(1)?;
        }
        DateRange::new(boundary(index)?, boundary(index + 1)?)
    }

    /// The word after "per": month, half-year.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::HalfYear => "half-year",
            Self::Year => "year",
            Self::Once => "order",
        }
    }
}

impl LimitPeriod {
    /// The billing period of a limit in a plan that charges `every` so often: the plan's own, unless the component says
    /// another. `Total` is billed once.
    pub fn billing_in(self, every: BillingPeriod) -> BillingPeriod {
        match self {
            Self::Plan => every,
            Self::Month => BillingPeriod::Month,
            Self::Quarter => BillingPeriod::Quarter,
            Self::HalfYear => BillingPeriod::HalfYear,
            Self::Year => BillingPeriod::Year,
            Self::Total => BillingPeriod::Once,
        }
    }

    /// How often a cap on use counts anew; `Once`: never. Use is billed by the month whatever the plan's period is, so a cap
    /// that names no period of its own is one of a month.
    pub fn of_cap(self) -> BillingPeriod {
        self.billing_in(BillingPeriod::Month)
    }
}

/// Calendar months from that of `start` to that of `end`; none where `end` comes before.
pub(crate) fn months_apart(start: NaiveDate, end: NaiveDate) -> u32 {
    let years = end.year().saturating_sub(start.year()).max(0);
    let apart = u32::try_from(years).unwrap_or(0) * 12 + end.month();
    apart.saturating_sub(start.month())
}

/// The day so many months after `first`, in a count of months to this day of each; the last day of a month that is shorter.
fn months_after(first: NaiveDate, day_of_month: u32, months: u32) -> Option<NaiveDate> {
    let month = first.with_day(1)?.checked_add_months(Months::new(months))?;
    let last = || month.checked_add_months(Months::new(1))?.pred_opt();
    month.with_day(day_of_month).or_else(last)
}

/// The day of the month from which each month of a term runs. That of its first day, unless the term follows one that began
/// on a later day, which the month of the first day did not have: it shows in a term from the last day of a month to a
/// later day of another.
fn day_of_months(term: DateRange) -> u32 {
    let is_last = |day: NaiveDate| day.succ_opt().is_none_or(|next| next.day() == 1);
    let (first, end) = (term.start.day(), term.end.day());
    if end <= first || !is_last(term.start) {
        first
    } else if is_last(term.end) {
        31
    } else {
        end
    }
}

/// Whole months from `start` to the exclusive `end`; a started month counts as one, and there is at least one. From 28
/// February to 31 March is one: that month follows one from 31 January.
pub fn months_started(start: NaiveDate, end: NaiveDate) -> u32 {
    let whole = months_apart(start, end);
    let day = day_of_months(DateRange { start, end });
    let reached = months_after(start, day, whole).unwrap_or(NaiveDate::MAX);
    let months = if end > reached { whole + 1 } else { whole };
    months.max(1)
}

/// Months of `term` that are not over on the day `on`, counted from the first day of the term: the month that has `on` in it
/// counts, and so does a last one that is cut short. At least one, also where `on` is not in the term.
///
/// Counting from `on` instead would charge the last day of February for a month more in a term that began on the 31st.
pub fn months_left(term: DateRange, on: NaiveDate) -> u32 {
    let over = |months: u32| {
        let boundary = months_after(term.start, day_of_months(term), months);
        boundary.is_some_and(|boundary| boundary <= on)
    };
    let all = months_started(term.start, term.end);
    let gone = (1..all).take_while(|months| over(*months)).count();
    all.saturating_sub(u32::try_from(gone).unwrap_or(all)).max(1)
}

#[cfg(test)]
mod tests;
