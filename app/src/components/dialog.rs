//! Dialogs are popovers: the browser opens and closes them without a script, keeps them on top, and ends them on Escape.

use leptos::prelude::*;

use super::{
    button::{ButtonKind, ButtonSize, SubmitButton, button_class},
    form::HiddenFields,
    icon::{Icon, IconView},
};

#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    children: Children,
    #[prop(optional)] actions: Option<AnyView>,
) -> impl IntoView {
    let heading = format!("{id}-title");
    view! {
        <dialog id=id.clone() class="dialog" popover="auto" aria-labelledby=heading.clone()>
            <div class="dialog-head">
                <h2 id=heading.clone()>{title}</h2>
                <button type="button" class="btn btn-quiet btn-icon btn-sm" popovertarget=id.clone() popovertargetaction="hide" aria-label="Close">
                    <IconView icon=Icon::X/>
                </button>
            </div>
            <div class="dialog-body">{children()}</div>
            {actions.map(|actions| view! { <div class="dialog-foot">{actions}</div> })}
        </dialog>
    }
    .into_any()
}

#[component]
pub fn DialogButton(
    #[prop(into)] for_id: String,
    children: Children,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] icon: Option<Icon>,
) -> impl IntoView {
    view! {
        <button type="button" class=button_class(kind, size, false) popovertarget=for_id>
            {icon.map(|icon| view! { <IconView icon=icon/> })}
            {children()}
        </button>
    }
    .into_any()
}

/// Asks before something that cannot be undone; the answer is a post of its own.
#[component]
pub fn ConfirmDialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    #[prop(into)] action: String,
    #[prop(into)] confirm: String,
    #[prop(optional)] fields: Vec<(String, String)>,
    #[prop(optional)] danger: bool,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let kind = if danger {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    view! {
        <dialog id=id.clone() class="dialog" popover="auto" aria-labelledby=heading.clone()>
            <form method="post" action=action data-post="">
                <HiddenFields fields=fields/>
                <div class="dialog-head">
                    <h2 id=heading.clone()>{title}</h2>
                </div>
                <div class="dialog-body">{children()}</div>
                <div class="dialog-foot">
                    <button type="button" class=button_class(ButtonKind::Secondary, ButtonSize::Medium, false) popovertarget=id.clone() popovertargetaction="hide">
                        "Keep as it is"
                    </button>
                    <SubmitButton kind=kind>{confirm}</SubmitButton>
                </div>
            </form>
        </dialog>
    }
    .into_any()
}
