//! Forms of notices.

use model::NoticeKind;

use super::structure_forms::invalid;
use crate::error::AppError;

/// The kinds whose boxes were ticked, and those that are always told: their boxes cannot be changed, so browsers do not send them.
pub fn chosen(told: &[String]) -> Result<Vec<NoticeKind>, AppError> {
    let unknown = || invalid("told", "Choose from the list.");
    let chosen = told
        .iter()
        .map(|kind| NoticeKind::parse(kind).ok_or_else(unknown));
    let mut chosen = chosen.collect::<Result<Vec<NoticeKind>, AppError>>()?;
    chosen.extend(NoticeKind::ALL.iter().filter(|kind| kind.is_always_told()));
    Ok(chosen)
}
