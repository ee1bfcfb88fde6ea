//! Whether a quote that was kept is still the one that was computed: every line follows from its derivation, and the sums
//! from the lines.

use super::{Quote, QuotePart, commitment};
use crate::money::Currency;
use crate::pricing::{TaxRate, document_totals};

impl Quote {
    /// What in it does not add up, in words; nothing of a quote that is as [`super::quote`] computed it.
    pub fn faults(&self) -> Vec<String> {
        let parts = [
            ("what is billed once", Some(&self.one_time)),
            ("the first invoice", Some(&self.first_invoice)),
            ("a full month", Some(&self.full_month)),
            ("what a month comes to in addition", self.added_month.as_ref()),
            ("the use that is expected", self.expected.as_ref()),
            ("the dearest month", self.dearest_month.as_ref()),
        ];
        let named = parts.into_iter().filter_map(|(name, part)| Some((name, part?)));
        let mut faults: Vec<String> = named
            .flat_map(|(name, part)| part.faults(name, self.currency))
            .collect();
        // Quotes that were made before commitments were have none.
        let agreed = self
            .commitment
            .is_none_or(|kept| commitment::of(self).is_ok_and(|right| right == kept));
        if !agreed {
            faults.push("the commitment is not the largest of its parts".to_owned());
        }
        faults
    }
}

impl QuotePart {
    fn faults(&self, name: &str, currency: Currency) -> Vec<String> {
        let changed = self.lines.iter().filter(|line| !line.follows());
        let mut faults: Vec<String> = changed
            .map(|line| {
                format!(
                    "{}, in {name}: {} does not follow from {}",
                    line.name,
                    line.amount,
                    line.derivation.sentence()
                )
            })
            .collect();
        let rate = self
            .totals
            .taxes
            .first()
            .map_or_else(TaxRate::none, |tax| tax.rate.clone());
        let amounts: Vec<_> = self.lines.iter().map(|line| (line.amount, &rate)).collect();
        if document_totals(currency, &amounts).as_ref() != Ok(&self.totals) {
            faults.push(format!("the sums of {name} are not those of its lines"));
        }
        faults
    }
}
