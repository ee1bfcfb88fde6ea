//! Deciding on several orders, each on its own.

use domain::{access::Actor, ordering::Ordering};
use model::{FieldFault, OrderId, Problem};

use super::forms::{DecideOrders, Verdict};
use crate::error::AppError;

/// What became of a decision about several orders.
#[derive(Debug, Default)]
pub struct Outcome {
    verdict: Option<Verdict>,
    decided: usize,
    faults: Vec<FieldFault>,
}

/// Decides on each order that the form names; one that can no longer be decided does not hold up the rest.
pub async fn decide_each(
    actor: &Actor,
    ordering: &Ordering,
    form: &DecideOrders,
) -> Result<Outcome, AppError> {
    if form.order.is_empty() {
        let words = "Select at least one order, then approve or reject.";
        return Err(AppError(Problem::invalid(vec![FieldFault::at(
            "", "required", words,
        )])));
    }
    let mut outcome = Outcome {
        verdict: Some(form.verdict),
        ..Outcome::default()
    };
    for order in &form.order {
        let done = match form.verdict {
            Verdict::Approve => ordering.approve(actor, *order, &form.comment).await.map(drop),
            Verdict::Reject => ordering.reject(actor, *order, &form.comment).await,
        };
        match done {
            Ok(()) => outcome.decided += 1,
            Err(error) => outcome.add_faults(&order_name(actor, ordering, *order).await, error.into()),
        }
    }
    Ok(outcome)
}

/// What the order is about, for a refusal of it.
async fn order_name(actor: &Actor, ordering: &Ordering, order: OrderId) -> String {
    match ordering.order(actor, order).await {
        Ok(order) => order.summary.resource_name,
        Err(_not_theirs) => format!("Order {order}"),
    }
}

impl Outcome {
    /// Faults of the form are told once; those of an order with its name.
    fn add_faults(&mut self, name: &str, error: AppError) {
        let AppError(problem) = error;
        domain::trace::note_refused_access(&problem);
        let faults = if problem.fields.is_empty() {
            vec![FieldFault::at(
                "",
                problem.code,
                format!("{name}: {}", problem.detail),
            )]
        } else {
            problem.fields
        };
        for fault in faults {
            if !self.faults.contains(&fault) {
                self.faults.push(fault);
            }
        }
    }

    /// What was done, in a sentence; none when nothing was.
    pub fn line(&self) -> Option<String> {
        let word = match self.verdict? {
            Verdict::Approve => "approved",
            Verdict::Reject => "rejected",
        };
        match self.decided {
            0 => None,
            1 => Some(format!("1 order {word}.")),
            count => Some(format!("{count} orders {word}.")),
        }
    }

    /// What was not done, and why; none when all was.
    pub fn refusal(self) -> Option<AppError> {
        (!self.faults.is_empty()).then(|| AppError(Problem::invalid(self.faults)))
    }
}
