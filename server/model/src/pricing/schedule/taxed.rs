//! What is given back is given back with the tax at which it was billed.

use super::{Line, PricingError, difference, same_in};
use crate::pricing::Exact;

/// What the last of `billed` charges beyond the one before it, price version by price version, each line with its tax.
///
/// `billed` has what a period came to, as the document of each month that billed some of it knew it, with the tax of that
/// document; the first month first. What is more is taxed as the last document is. What is less is given back of what was
/// billed last first, at the tax at which that was billed: nobody gets back a tax that was never charged, or too little of
/// one that was.
pub fn differences_by_tax<T: Clone + PartialEq>(
    billed: &[(T, Vec<Line>)],
) -> Result<Vec<(T, Line)>, PricingError> {
    let mut due = Vec::new();
    let mut seen: Vec<&Line> = Vec::new();
    for line in billed.iter().rev().flat_map(|(_, lines)| lines) {
        if seen
            .iter()
            .any(|one| same_in(std::slice::from_ref(*one), line).is_some())
        {
            continue;
        }
        seen.push(line);
        let mut layers = Layers(Vec::new());
        let mut added = Vec::new();
        for (tax, lines) in billed {
            added = layers.reach(tax, same_in(lines, line))?;
        }
        due.extend(added);
    }
    Ok(due)
}

/// What is billed of one thing: by tax, what it came to in all once that was added.
struct Layers<'a, T>(Vec<(T, Option<&'a Line>)>);

impl<'a, T: Clone + PartialEq> Layers<'a, T> {
    /// Has it come to `line` with a document of this tax, and answers what that adds.
    fn reach(&mut self, tax: &T, line: Option<&'a Line>) -> Result<Vec<(T, Line)>, PricingError> {
        let mut added = Vec::new();
        let goal = exact(line)?;
        while let Some((top_tax, top)) = self.0.pop() {
            let is_more = exact(top)?.checked_sub(goal)?.is_negative();
            if is_more && top_tax != *tax {
                self.0.push((top_tax, top));
                break;
            }
            let below = self.0.last().and_then(|(_, line)| *line);
            let goes_deeper =
                !self.0.is_empty() && !is_more && !exact(below)?.checked_sub(goal)?.is_negative();
            let reached = if goes_deeper { below } else { line };
            let step = difference(reached, top)?;
            added.extend(step.map(|line| (top_tax.clone(), line)));
            if !goes_deeper {
                self.0.push((top_tax, line));
                return Ok(added);
            }
        }
        let step = difference(line, self.0.last().and_then(|(_, line)| *line))?;
        added.extend(step.map(|line| (tax.clone(), line)));
        self.0.push((tax.clone(), line));
        Ok(added)
    }
}

fn exact(line: Option<&Line>) -> Result<Exact, PricingError> {
    line.map_or(Ok(Exact::ZERO), |line| line.derivation.exact())
}
