use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    icon::{Icon, IconView},
    link_access::can_open,
};

/// How much weight a button carries. A page has one `Primary`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Secondary,
    Quiet,
    Danger,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonSize {
    Small,
    #[default]
    Medium,
    Large,
}

pub(super) fn button_class(kind: ButtonKind, size: ButtonSize, full: bool) -> String {
    let kind = match kind {
        ButtonKind::Primary => "btn btn-primary",
        ButtonKind::Secondary => "btn btn-secondary",
        ButtonKind::Quiet => "btn btn-quiet",
        ButtonKind::Danger => "btn btn-danger",
    };
    let size = match size {
        ButtonSize::Small => " btn-sm",
        ButtonSize::Medium => "",
        ButtonSize::Large => " btn-lg",
    };
    format!("{kind}{size}{}", if full { " btn-full" } else { "" })
}

#[component]
pub fn Button(
    children: Children,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(default = "button")] r#type: &'static str,
    #[prop(optional, into)] name: OptionalText,
    #[prop(optional, into)] value: OptionalText,
    #[prop(optional, into)] form: OptionalText,
    #[prop(optional)] disabled: bool,
    #[prop(optional)] full: bool,
) -> impl IntoView {
    view! {
        <button type=r#type class=button_class(kind, size, full) name=name value=value form=form disabled=disabled>
            {icon.map(|icon| view! { <IconView icon=icon/> })}
            {children()}
        </button>
    }
    .into_any()
}

#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    children: Children,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] full: bool,
    #[prop(optional)] download: bool,
    /// Leads out of the portal: opens a new tab and says so.
    #[prop(optional)]
    external: bool,
) -> impl IntoView {
    if !can_open(&href) {
        return ().into_any();
    }
    view! {
        <a
            href=href
            class=button_class(kind, size, full)
            download=download.then_some("")
            target=external.then_some("_blank")
            rel=external.then_some("noopener noreferrer")
        >
            {icon.map(|icon| view! { <IconView icon=icon/> })}
            {children()}
            {external.then(|| view! { <IconView icon=Icon::External size=14 label="opens in a new tab"/> })}
        </a>
    }
    .into_any()
}

/// Sends the form around it. While the answer is on its way it shows `busy` and takes no second click.
#[component]
pub fn SubmitButton(
    children: Children,
    #[prop(default = ButtonKind::Primary)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional, into)] name: OptionalText,
    #[prop(optional, into)] value: OptionalText,
    #[prop(optional, into)] formaction: OptionalText,
    #[prop(optional, into)] form: OptionalText,
    #[prop(optional)] full: bool,
    #[prop(optional)] disabled: bool,
    #[prop(default = "Working…".to_string(), into)] busy: String,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=button_class(kind, size, full)
            name=name
            value=value
            formaction=formaction
            form=form
            disabled=disabled
            data-submit=""
        >
            <span class="btn-idle">{icon.map(|icon| view! { <IconView icon=icon/> })} {children()}</span>
            <span class="btn-busy">
                <span class="spinner"></span>
                {busy}
            </span>
        </button>
    }
    .into_any()
}

/// A button that shows only its icon; the label is what screen readers say and the tooltip shows.
#[component]
pub fn IconButton(
    icon: Icon,
    #[prop(into)] label: String,
    #[prop(optional, into)] href: OptionalText,
    #[prop(default = "button")] r#type: &'static str,
    #[prop(default = ButtonKind::Quiet)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
) -> impl IntoView {
    let class = format!("{} btn-icon", button_class(kind, size, false));
    let title = label.clone();
    match href.0 {
        Some(href) => view! {
            <a href=href class=class aria-label=label title=title>
                <IconView icon=icon/>
            </a>
        }
        .into_any(),
        None => view! {
            <button type=r#type class=class aria-label=label title=title>
                <IconView icon=icon/>
            </button>
        }
        .into_any(),
    }
}
