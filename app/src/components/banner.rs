use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    icon::{Icon, IconView},
    tone::Tone,
};

impl Tone {
    /// What stands at the left of a message of this tone.
    pub const fn message_icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Info => Icon::Info,
            Self::Good => Icon::CheckCircle,
            Self::Waiting => Icon::Hourglass,
            Self::Bad => Icon::Alert,
            Self::Ended => Icon::Archive,
        }
    }
}

/// A message that belongs to the page as it is now: partial, refused, stale, archived.
#[component]
pub fn Banner(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: OptionalText,
    #[prop(optional)] actions: Option<AnyView>,
    /// Adds a button that hides the message until the page is loaded again (with scripts only).
    #[prop(optional)]
    dismiss: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div class=format!("banner {}", tone.class()) role=role data-dismissable=dismiss.then_some("")>
            <IconView icon=tone.message_icon() size=18/>
            <div class="banner-body">
                {title.map(|title| view! { <p class="banner-title">{title}</p> })}
                {children.map(|children| view! { <div>{children()}</div> })}
                {actions.map(|actions| view! { <div class="banner-actions">{actions}</div> })}
            </div>
            {dismiss
                .then(|| {
                    view! {
                        <button type="button" class="btn btn-quiet btn-icon btn-sm banner-close js-only" data-dismiss="" aria-label="Hide this message">
                            <IconView icon=Icon::X/>
                        </button>
                    }
                })}
        </div>
    }
    .into_any()
}
