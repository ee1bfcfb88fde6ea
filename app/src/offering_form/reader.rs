use chrono::NaiveDate;
use model::{FieldFault, Fixed, Problem};

use crate::{error::AppError, form::FormFields};

/// Reads typed values out of a form and remembers what could not be read, so that a person sees all of it at once.
pub struct FormReader<'a> {
    form: &'a FormFields,
    faults: Vec<FieldFault>,
}

impl<'a> FormReader<'a> {
    /// A reader of `form`.
    pub fn new(form: &'a FormFields) -> Self {
        Self {
            form,
            faults: Vec::new(),
        }
    }

    /// The text of a field, trimmed.
    pub fn text(&self, name: &str) -> String {
        self.form.text(name).to_owned()
    }

    /// Remembers what is wrong with a field.
    pub fn fault(&mut self, name: &str, code: &str, message: &str) {
        self.faults.push(FieldFault::at(name, code, message));
    }

    /// Whether anything is wrong so far.
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// An exact number; none where the field is empty.
    pub fn number(&mut self, name: &str) -> Option<Fixed> {
        self.parsed(
            name,
            "Enter a number, such as 100 or 0.25, with a point as the decimal sign.",
        )
    }

    /// An exact number, or `otherwise` where the field is empty.
    pub fn number_or(&mut self, name: &str, otherwise: Fixed) -> Fixed {
        self.number(name).unwrap_or(otherwise)
    }

    /// A whole number; none where the field is empty.
    pub fn whole<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, "Enter a whole number, such as 8.")
    }

    /// A day; none where the field is empty.
    pub fn day(&mut self, name: &str) -> Option<NaiveDate> {
        self.parsed(name, "Enter a day as year-month-day, such as 2026-12-31.")
    }

    /// One of a list; `otherwise` where the field is empty.
    pub fn one_of<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>, otherwise: T) -> T {
        let text = self.form.text(name);
        if text.is_empty() {
            return otherwise;
        }
        parse(text).unwrap_or_else(|| {
            self.faults
                .push(FieldFault::at(name, "unknown", "Choose one of the list."));
            otherwise
        })
    }

    /// `value`, unless something could not be read.
    pub fn done<T>(self, value: T) -> Result<T, AppError> {
        if self.faults.is_empty() {
            Ok(value)
        } else {
            Err(AppError(Problem::invalid(self.faults)))
        }
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, message: &str) -> Option<T> {
        let text = self.form.text(name);
        if text.is_empty() {
            return None;
        }
        let read = text.parse().ok();
        if read.is_none() {
            self.faults.push(FieldFault::at(name, "unreadable", message));
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_unreadable_is_told_at_once() {
        let pairs = [("min", "few"), ("day", "tomorrow"), ("max", "8"), ("step", "")];
        let form: FormFields = pairs
            .into_iter()
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .collect();
        let mut read = FormReader::new(&form);
        assert_eq!(read.number("max"), Some(Fixed::from(8)));
        assert_eq!(read.number("step"), None);
        assert_eq!((read.number("min"), read.day("day")), (None, None));
        let paths: Vec<String> = read
            .done(())
            .unwrap_err()
            .0
            .fields
            .into_iter()
            .map(|f| f.path)
            .collect();
        assert_eq!(paths, ["min", "day"]);
    }
}
