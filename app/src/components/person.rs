use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::pattern::Tint;

/// The initials of a name on its own tint; decoration, as the name stands beside it.
#[component]
pub fn Avatar(#[prop(into)] name: String, #[prop(default = 32)] size: u32) -> impl IntoView {
    initials_disc(&name, size, "avatar")
}

/// The same for an organization, square.
#[component]
pub fn OrganizationAvatar(#[prop(into)] name: String, #[prop(default = 32)] size: u32) -> impl IntoView {
    initials_disc(&name, size, "avatar avatar-square")
}

fn initials_disc(name: &str, size: u32, class: &str) -> impl IntoView + use<> {
    let tint = Tint::from_seed(name).class();
    view! {
        <svg class=format!("{class} {tint}") width=size height=size viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <text x="16" y="16.5" text-anchor="middle" dominant-baseline="central" font-size="12.5" font-weight="600" fill="currentColor">
                {initials(name)}
            </text>
        </svg>
    }
}

/// First letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[component]
pub fn Person(
    #[prop(into)] name: String,
    #[prop(optional, into)] email: OptionalText,
    #[prop(optional, into)] href: OptionalText,
    /// A second line in place of the e-mail address: a role, "you".
    #[prop(optional, into)]
    sub: OptionalText,
    #[prop(optional)] small: bool,
) -> impl IntoView {
    let title = match href.0 {
        Some(href) => view! { <a href=href class="clip">{name.clone()}</a> }.into_any(),
        None => view! { <span class="clip">{name.clone()}</span> }.into_any(),
    };
    view! {
        <span class="person">
            <Avatar name=name size=if small { 24 } else { 32 }/>
            <span class="person-text">
                {title}
                {(!small).then(|| sub.0.or(email.0).map(|line| view! { <span class="clip">{line}</span> }))}
            </span>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_those_of_first_and_last_word() {
        assert_eq!(initials("Mari Anna Õunapuu"), "MÕ");
        assert_eq!(initials("cher"), "C");
        assert_eq!(initials("  "), "");
        assert_eq!(initials("Ülo «Karu» Žukov"), "ÜŽ");
    }
}
