//! Forms of notices.

use model::{NoticeKind, NoticeSetting};

use super::structure_forms::invalid;
use crate::{error::AppError, form::FormFields, routes};

/// The part of the list on which a form stands.
pub fn list(form: &FormFields) -> String {
    let unread = form.text("unread") == "true";
    routes::notices_from(unread, form.text("cursor"))
}

/// What is told from now on: of the kinds that the page showed those whose boxes were ticked, of others those that are told now.
/// What is always told is, though browsers do not send its box.
pub fn chosen(
    shown: &[String],
    told: &[String],
    present: &[NoticeSetting],
) -> Result<Vec<NoticeKind>, AppError> {
    let (shown, mut chosen) = (kinds(shown)?, kinds(told)?);
    let others = present
        .iter()
        .filter(|one| one.told && !shown.contains(&one.kind));
    chosen.extend(others.map(|one| one.kind));
    chosen.extend(NoticeKind::ALL.iter().filter(|kind| kind.is_always_told()));
    Ok(chosen)
}

fn kinds(texts: &[String]) -> Result<Vec<NoticeKind>, AppError> {
    let read =
        |text: &String| NoticeKind::parse(text).ok_or_else(|| invalid("told", "Choose from the list."));
    texts.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_of_an_older_program_did_not_show_stays_as_it_is() {
        let setting = |kind: NoticeKind| NoticeSetting {
            kind,
            told: kind != NoticeKind::Ends,
            always: kind.is_always_told(),
        };
        let present: Vec<NoticeSetting> = NoticeKind::ALL.iter().map(|kind| setting(*kind)).collect();
        let shown: Vec<String> = NoticeKind::ALL
            .iter()
            .filter(|kind| !matches!(kind, NoticeKind::Prices | NoticeKind::Ends))
            .map(|kind| kind.as_str().to_owned())
            .collect();
        let mut told = chosen(&shown, &["roles".to_owned()], &present).unwrap();
        told.sort_unstable();
        assert_eq!(
            told,
            [NoticeKind::Prices, NoticeKind::Roles, NoticeKind::Security]
        );
        assert!(chosen(&shown, &["blessings".to_owned()], &present).is_err());
    }
}
