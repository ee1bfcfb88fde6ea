//! The head of a table: which columns there are, and by which it is sorted.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Align {
    #[default]
    Text,
    Number,
    Actions,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    pub(super) label: String,
    pub(super) align: Align,
    pub(super) sort: Option<String>,
    pub(super) hidden_on_phones: bool,
}

impl Column {
    pub fn text(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// Aligned to the right, as numbers are compared by their last digit.
    pub fn number(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            align: Align::Number,
            ..Self::default()
        }
    }

    /// The last column, with a row's menu; its head is said but not shown.
    pub fn actions() -> Self {
        Self {
            label: "Actions".into(),
            align: Align::Actions,
            ..Self::default()
        }
    }

    /// Makes the head a link that sorts by this key.
    #[must_use]
    pub fn sort(mut self, key: impl Into<String>) -> Self {
        self.sort = Some(key.into());
        self
    }

    /// Not worth its place on a phone: neither this head nor the cells below it are shown there.
    #[must_use]
    pub fn hide_phone(mut self) -> Self {
        self.hidden_on_phones = true;
        self
    }

    pub(super) fn class(&self) -> Option<&'static str> {
        match self.align {
            Align::Number => Some("cell-num"),
            Align::Actions => Some("cell-actions"),
            Align::Text => None,
        }
    }
}

/// The classes of a table that hide columns on phones. `before` counts the columns that come first, such as the checkboxes.
pub(super) fn hidden_column_classes(columns: &[Column], before: usize) -> String {
    let hidden = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.hidden_on_phones);
    hidden
        .map(|(at, _)| format!(" hide-{}", at + before + 1))
        .collect::<Vec<_>>()
        .concat()
}

/// How a list is sorted now, and the address to which a sort key is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    pub key: String,
    pub descending: bool,
    /// Path and the other parameters, ending in `?` or `&`.
    pub base: String,
}

impl Sort {
    pub fn new(key: impl Into<String>, descending: bool, base: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            descending,
            base: base.into(),
        }
    }

    /// Where a click on a head leads: to its ascending order, or to descending if that is what one sees.
    pub(super) fn href(&self, key: &str) -> String {
        let turn = self.key == key && !self.descending;
        format!("{}sort={}{key}", self.base, if turn { "-" } else { "" })
    }

    pub(super) fn aria(&self, key: &str) -> Option<&'static str> {
        (self.key == key).then_some(if self.descending {
            "descending"
        } else {
            "ascending"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_click_turns_the_order_round() {
        let up = Sort::new("name", false, "/x?");
        assert_eq!(up.href("name"), "/x?sort=-name");
        assert_eq!(up.href("cost"), "/x?sort=cost");
        assert_eq!(Sort::new("name", true, "/x?").href("name"), "/x?sort=name");
    }

    #[test]
    fn hidden_columns_are_counted_with_the_checkboxes_before_them() {
        let columns = [
            Column::text("A"),
            Column::text("B").hide_phone(),
            Column::number("C").hide_phone(),
        ];
        assert_eq!(hidden_column_classes(&columns, 0), " hide-2 hide-3");
        assert_eq!(hidden_column_classes(&columns, 1), " hide-3 hide-4");
    }

    #[test]
    fn only_the_sorted_column_says_so() {
        let sort = Sort::new("name", true, "/x?");
        assert_eq!(sort.aria("name"), Some("descending"));
        assert_eq!(sort.aria("cost"), None);
    }
}
