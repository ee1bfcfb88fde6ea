use std::collections::BTreeSet;

use model::{Action, ActionAudience};

use super::FormReader;
use crate::{error::AppError, form::FormFields};

/// The longest key of an action, in letters.
const LONGEST_KEY: usize = 50;

/// The action that the form describes, without what it asks for. Its key is empty where it is to be made from the name.
pub fn action_draft(form: &FormFields) -> Result<Action, AppError> {
    let mut read = FormReader::new(form);
    let plain = Action::new(&read.text("key"), &read.text("title"), &read.text("description"));
    let action = Action {
        audience: read.one_of("who_may_ask", ActionAudience::parse, ActionAudience::Users),
        confirmation: read.text("confirmation"),
        beside_others: form.is_on("beside_others"),
        ..plain
    };
    read.done(action)
}

/// The same as texts, by field name: what the form starts with when an action is changed.
pub fn action_texts(action: &Action) -> FormFields {
    let texts = [
        ("title", action.title.clone()),
        ("key", action.key.clone()),
        ("description", action.description.clone()),
        ("who_may_ask", action.audience.as_str().to_owned()),
        ("confirmation", action.confirmation.clone()),
        ("beside_others", action.beside_others.to_string()),
    ];
    texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect()
}

/// A key made from a name, other than all of these: `restart_it`, `restart_it_2`.
pub fn free_key(title: &str, taken: &BTreeSet<String>) -> String {
    let stem = key_of(title, LONGEST_KEY);
    if !taken.contains(&stem) {
        return stem;
    }
    let numbered = (2..).map(|number: u32| {
        let end = format!("_{number}");
        let stem = key_of(title, LONGEST_KEY.saturating_sub(end.len()));
        format!("{stem}{end}")
    });
    let mut free = numbered.filter(|key| !taken.contains(key));
    free.next().unwrap_or(stem)
}

/// The letters and digits of the name, with `_` for all between them.
fn key_of(title: &str, longest: usize) -> String {
    let mut key = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        let begins = key.is_empty();
        match letter {
            'a'..='z' => key.push(letter),
            '0'..='9' if !begins => key.push(letter),
            _ if !begins && !key.ends_with('_') => key.push('_'),
            _ => {}
        }
        if key.len() >= longest {
            break;
        }
    }
    match key.trim_end_matches('_') {
        "" => "action".to_owned(),
        key => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_survives_its_form() {
        let action = Action {
            confirmation: "It is off for an hour.".into(),
            beside_others: true,
            ..Action::new("restart", "Restart", "It starts anew.").of(ActionAudience::Managers)
        };
        assert_eq!(action_draft(&action_texts(&action)).unwrap(), action);
    }

    #[test]
    fn who_may_ask_is_one_of_the_list() {
        let form = [("who_may_ask".to_owned(), "everybody".to_owned())]
            .into_iter()
            .collect();
        let refused = action_draft(&form).unwrap_err();
        assert_eq!(
            refused.0.message_for("who_may_ask"),
            Some("Choose one of the list.")
        );
    }

    #[test]
    fn keys_are_made_from_names_and_are_free() {
        let taken = ["restart_it".to_owned(), "action".to_owned()].into();
        for (title, key) in [
            ("Back up, now!", "back_up_now"),
            ("Restart it", "restart_it_2"),
            ("3 reports", "reports"),
            ("Перезапуск", "action_2"),
            ("", "action_2"),
        ] {
            assert_eq!(free_key(title, &taken), key, "{title}");
        }
        let long = "a".repeat(60);
        let taken = [key_of(&long, LONGEST_KEY)].into();
        assert_eq!(free_key(&long, &taken).len(), LONGEST_KEY);
    }
}
