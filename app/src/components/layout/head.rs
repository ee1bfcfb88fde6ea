use crate::components::maybe_text::MaybeText;
use leptos::prelude::*;

use crate::components::{
    icon::{Icon, IconView},
    opens::opens,
};

/// A step of the way from the start page to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: Option<String>,
}

impl Crumb {
    pub fn to(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: Some(href.into()),
        }
    }

    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: None,
        }
    }
}

/// Breadcrumb, the page's only `h1`, its state, one primary action and the rest in a menu.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    #[prop(optional)] crumbs: Vec<Crumb>,
    #[prop(optional, into)] lead: MaybeText,
    #[prop(optional)] state: Option<AnyView>,
    #[prop(optional)] actions: Option<AnyView>,
    #[prop(optional)] art: Option<AnyView>,
) -> impl IntoView {
    view! {
        <div class="head">
            <Crumbs crumbs=crumbs/>
            <div class="head-row">
                <div class="head-title">
                    {art.map(|art| view! { <div class="head-art">{art}</div> })}
                    <h1>{title}</h1>
                    {state}
                </div>
                {actions.map(|actions| view! { <div class="head-actions no-print">{actions}</div> })}
            </div>
            {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
        </div>
    }
    .into_any()
}

#[component]
fn Crumbs(crumbs: Vec<Crumb>) -> impl IntoView {
    (!crumbs.is_empty()).then(|| {
        let steps = crumbs
            .into_iter()
            .enumerate()
            .map(|(at, crumb)| {
                view! {
                    <li>
                        {(at > 0).then(|| view! { <IconView icon=Icon::ChevronRight size=12/> })}
                        {match crumb.href {
                            Some(href) if opens(&href) => view! { <a href=href>{crumb.label}</a> }.into_any(),
                            Some(_) => view! { <span class="clip">{crumb.label}</span> }.into_any(),
                            None => view! { <span class="clip" aria-current="page">{crumb.label}</span> }.into_any(),
                        }}
                    </li>
                }
            })
            .collect_view();
        view! {
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol>{steps}</ol>
            </nav>
        }
    })
    .into_any()
}
