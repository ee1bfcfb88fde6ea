//! The trace id of the request or job under way. It follows the work from the click through the job to the log line
//! and the audit event without being a parameter of every function.

use std::future::Future;

use model::{Kind, Problem};
use tracing::Instrument;

tokio::task_local! {
    static TRACE: String;
}

/// Runs `work` under the trace id `id`.
pub async fn with<F: Future>(id: String, work: F) -> F::Output {
    TRACE.scope(id, work).await
}

/// `work` under the trace id and the span of now, wherever it runs: what a task of its own does is found under the request
/// that began it.
pub fn inherit<F: Future>(work: F) -> impl Future<Output = F::Output> {
    with(current(), work).instrument(tracing::Span::current())
}

/// The trace id of the work under way; empty outside of [`with`].
pub fn current() -> String {
    TRACE.try_with(Clone::clone).unwrap_or_default()
}

/// An error as a field of a log line, with its sources.
pub fn cause<E: std::error::Error + 'static>(error: &E) -> &(dyn std::error::Error + 'static) {
    error
}

/// Notes in the log that access was refused, with the code; the span of the request says to whom. A problem of another family
/// is not noted.
pub fn note_refused_access(problem: &Problem) {
    if problem.kind == Kind::Forbidden {
        tracing::info!(refusal = problem.code, "access was refused");
    }
}
