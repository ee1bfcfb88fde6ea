use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

use crate::components::{
    icon::{Icon, IconView},
    link_access::can_open,
};

/// A step of the way from the start page to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breadcrumb {
    pub label: String,
    pub href: Option<String>,
}

impl Breadcrumb {
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
pub fn PageHeader(
    #[prop(into)] title: String,
    #[prop(optional)] breadcrumbs: Vec<Breadcrumb>,
    #[prop(optional, into)] lead: OptionalText,
    #[prop(optional)] state: Option<AnyView>,
    #[prop(optional)] actions: Option<AnyView>,
    #[prop(optional)] image: Option<AnyView>,
) -> impl IntoView {
    view! {
        <div class="head">
            <Breadcrumbs breadcrumbs=breadcrumbs/>
            <div class="head-row">
                <div class="head-title">
                    {image.map(|image| view! { <div class="head-image">{image}</div> })}
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
fn Breadcrumbs(breadcrumbs: Vec<Breadcrumb>) -> impl IntoView {
    (!breadcrumbs.is_empty()).then(|| {
        let steps = breadcrumbs
            .into_iter()
            .enumerate()
            .map(|(at, breadcrumb)| {
                view! {
                    <li>
                        {(at > 0).then(|| view! { <IconView icon=Icon::ChevronRight size=12/> })}
                        {match breadcrumb.href {
                            Some(href) if can_open(&href) => view! { <a href=href>{breadcrumb.label}</a> }.into_any(),
                            Some(_) => view! { <span class="clip">{breadcrumb.label}</span> }.into_any(),
                            None => view! { <span class="clip" aria-current="page">{breadcrumb.label}</span> }.into_any(),
                        }}
                    </li>
                }
            })
            .collect_view();
        view! {
            <nav class="breadcrumbs" aria-label="Breadcrumb">
                <ol>{steps}</ol>
            </nav>
        }
    })
    .into_any()
}
