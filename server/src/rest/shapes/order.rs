//! An order.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use model::{ApprovalStep, ComponentName, DisplayRow, Fixed, OrderSummary, PlanId, Progress, TimelineEntry};
use serde::Serialize;
use utoipa::ToSchema;

use super::{quote::Quote, said};

/// An order whole.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that the reader may do, or one fact of the answers"
)]
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderDetail {
    /// What a list shows.
    pub(crate) summary: OrderSummary,
    /// The plan.
    pub(crate) plan_id: PlanId,
    /// Limits that it asks for, by component code.
    pub(crate) limits: BTreeMap<String, Fixed>,
    /// Limits before it, for a change.
    pub(crate) limits_before: BTreeMap<String, Fixed>,
    /// What the buyer expects to use a month, by component code.
    pub(crate) expected_use: BTreeMap<String, Fixed>,
    /// Names and units of the components that these amounts are of, by code.
    pub(crate) components: BTreeMap<String, ComponentName>,
    /// Answers to the request form as it was then, for display; secrets left out.
    pub(crate) answers: Vec<DisplayRow>,
    /// Secret answers were given too; whoever carries the order out by hand reads them with `get_secret_answers`.
    pub(crate) has_secret_answers: bool,
    /// The day on which it is to start, if one was chosen.
    pub(crate) start_date: Option<NaiveDate>,
    /// The last day of the resource, as far as it is known before it starts.
    pub(crate) end_date: Option<NaiveDate>,
    /// The term that it asks for, in months.
    pub(crate) term_months: Option<u32>,
    /// The cost as frozen when it was placed.
    pub(crate) quote: Option<Quote>,
    /// Until then no higher price that is published while the order waits reaches it. Once its resource runs, later prices
    /// reach it after the plan's notice, and lower ones at once.
    pub(crate) quote_valid_until: Option<DateTime<Utc>>,
    /// Version of the terms of service that was accepted; `get_terms_version` reads it.
    pub(crate) accepted_terms: Option<i32>,
    /// Who was asked to agree, who is and who will be, with what they decided.
    pub(crate) steps: Vec<ApprovalStep>,
    /// Why it waits, for whom, since when, in words; null when it does not.
    pub(crate) waiting_for: Option<String>,
    /// How far the backend is.
    pub(crate) progress: Progress,
    /// Why it failed or was refused; null otherwise.
    pub(crate) error: Option<String>,
    /// What happened so far.
    pub(crate) timeline: Vec<TimelineEntry>,
    /// The actor may withdraw it.
    pub(crate) can_cancel: bool,
    /// The actor may try it again.
    pub(crate) can_retry: bool,
    /// It waits for somebody of the provider to carry it out, and the actor may.
    pub(crate) can_fulfil: bool,
}

impl From<model::OrderDetail> for OrderDetail {
    fn from(whole: model::OrderDetail) -> Self {
        Self {
            summary: whole.summary,
            plan_id: whole.plan_id,
            limits: whole.limits,
            limits_before: whole.limits_before,
            expected_use: whole.expected_use,
            components: whole.components,
            answers: whole.answers,
            has_secret_answers: whole.has_secret_answers,
            start_date: whole.start_date,
            end_date: whole.end_date,
            term_months: whole.term_months,
            quote: whole.quote.map(Quote::from),
            quote_valid_until: whole.quote_valid_until,
            accepted_terms: whole.accepted_terms,
            steps: whole.steps,
            waiting_for: said(whole.waiting_for),
            progress: whole.progress,
            error: said(whole.error),
            timeline: whole.timeline,
            can_cancel: whole.can_cancel,
            can_retry: whole.can_retry,
            can_fulfil: whole.can_fulfil,
        }
    }
}
