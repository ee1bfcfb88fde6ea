use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    icon::{Icon, IconView},
    link_access::can_open,
    tone::Tone,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trend {
    pub text: String,
    pub tone: Tone,
    pub up: bool,
}

#[component]
pub fn StatGrid(children: Children) -> impl IntoView {
    view! { <div class="stat-grid">{children()}</div> }.into_any()
}

/// One figure with its name; the whole box leads to the details.
#[component]
pub fn Stat(
    #[prop(into)] label: String,
    children: Children,
    #[prop(optional, into)] note: OptionalText,
    #[prop(optional, into)] href: OptionalText,
    #[prop(default = None, into)] trend: Option<Trend>,
) -> impl IntoView {
    let label = match href.0.filter(|href| can_open(href)) {
        Some(href) => view! { <a class="stat-link" href=href>{label}</a> }.into_any(),
        None => label.into_any(),
    };
    let noted = note.is_some() || trend.is_some();
    view! {
        <div class="stat">
            <p class="stat-label">{label}</p>
            <p class="stat-value">{children()}</p>
            {noted
                .then(|| {
                    view! {
                        <p class="stat-note">
                            {trend
                                .map(|trend| {
                                    let icon = if trend.up { Icon::TrendUp } else { Icon::TrendDown };
                                    view! {
                                        <span class=format!("trend {}", trend.tone.class())>
                                            <IconView icon=icon size=14/>
                                            {trend.text}
                                        </span>
                                    }
                                })}
                            {note.map(|note| view! { <span>{note}</span> })}
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}
