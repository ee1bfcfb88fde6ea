//! What a line is more or less than one that was billed before.

use super::Line;
use crate::period::Window;
use crate::pricing::{PricingError, Segment};

impl Line {
    /// The line that takes all of this one back.
    pub fn taken_back(&self) -> Result<Self, PricingError> {
        let segments = self.derivation.segments.iter().cloned().map(turned).collect();
        self.with(segments)
    }

    /// What is due beyond what `billed` has charged of the same component at the same price; `None` where that is nothing.
    /// What both charge is left out, so that the line shows what changed.
    pub fn beyond(&self, billed: &Self) -> Result<Option<Self>, PricingError> {
        let mut segments = self.derivation.segments.clone();
        for before in &billed.derivation.segments {
            take_off(&mut segments, before.clone());
        }
        segments.retain(|segment| segment.share.n > 0);
        segments.sort_by_key(|segment| segment.negative);
        let line = self.with(segments)?;
        Ok((!line.derivation.exact()?.is_zero()).then_some(line))
    }

    /// This line with other addends.
    fn with(&self, segments: Vec<Segment>) -> Result<Self, PricingError> {
        let mut derivation = self.derivation.clone();
        derivation.cut_to = None;
        derivation.elsewhere = None;
        derivation.raised_to = None;
        derivation.segments = segments;
        let exact = derivation.exact()?;
        Ok(Self {
            quantity: derivation.weighted_quantity()?,
            window: super::span(&derivation.segments).or(self.window),
            exact: exact.to_fixed()?,
            amount: exact.to_money(self.amount.currency)?,
            derivation,
            ..self.clone()
        })
    }
}

fn turned(segment: Segment) -> Segment {
    Segment {
        negative: !segment.negative,
        ..segment
    }
}

/// Takes `before` off: from a segment that charges the same for another share, otherwise as an addend of its own.
fn take_off(segments: &mut Vec<Segment>, before: Segment) {
    let alike = |segment: &&mut Segment| {
        segment.quantity == before.quantity
            && segment.steps == before.steps
            && segment.negative == before.negative
            && (segment.share.of, segment.share.unit) == (before.share.of, before.share.unit)
            && segment.share.n > 0
    };
    let Some(after) = segments.iter_mut().find(alike) else {
        segments.push(turned(before));
        return;
    };
    let windows = after.window.zip(before.window);
    if after.share.n >= before.share.n {
        after.share.n -= before.share.n;
        after.window = windows.map(|(more, less)| rest(more, less));
    } else {
        let mut less = turned(before);
        less.share.n -= after.share.n;
        less.window = windows.map(|(more, less)| rest(less, more));
        *after = less;
    }
}

/// What of `whole` lies outside of `part`; all of it where that is not at one end.
fn rest(whole: Window, part: Window) -> Window {
    if part.start <= whole.start && part.end < whole.end {
        Window {
            start: part.end.max(whole.start),
            ..whole
        }
    } else if part.end >= whole.end && whole.start < part.start {
        Window {
            end: part.start.min(whole.end),
            ..whole
        }
    } else {
        whole
    }
}
