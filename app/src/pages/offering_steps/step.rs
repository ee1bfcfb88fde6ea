//! What every step has around it: the offering's name and state, the steps, and what is missing.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{OfferingDetail, Permission, Readiness as Line, Requirement, Schema};
use serde_json::Value as Json;

use crate::{appearance, components::*, page::Area, routes};

/// The steps in the order in which one works through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Describe,
    Provisioning,
    Components,
    Plans,
    Form,
    Actions,
    Terms,
    Publish,
    People,
}

impl Step {
    const ALL: [Self; 9] = [
        Self::Describe,
        Self::Provisioning,
        Self::Components,
        Self::Plans,
        Self::Form,
        Self::Actions,
        Self::Terms,
        Self::Publish,
        Self::People,
    ];

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::Provisioning => "provisioning",
            Self::Components => "components",
            Self::Plans => "plans",
            Self::Form => "form",
            Self::Actions => "actions",
            Self::Terms => "terms",
            Self::Publish => "publish",
            Self::People => "people",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Describe => "Description",
            Self::Provisioning => "Provisioning",
            Self::Components => "Components",
            Self::Plans => "Plans and prices",
            Self::Form => "Request form",
            Self::Actions => "Actions",
            Self::Terms => "Terms",
            Self::Publish => "Publish",
            Self::People => "People",
        }
    }
}

/// The id in the address; to be read before anything is awaited.
pub(super) fn offering_id() -> String {
    use_params_map().with_untracked(|params| params.get("id").unwrap_or_default())
}

/// Where the pages of an offering stand.
pub(super) fn area_of(offering: &OfferingDetail) -> Area {
    Area::Provider(offering.summary.provider_id.to_string())
}

/// Whether the forms of the offering are drawn: of what is archived they would only be refused, and so they would be to
/// those whose role only reads. What can be changed of an archived one too asks for [`OfferingDetail::can_edit`] alone.
pub(super) fn is_editable(offering: &OfferingDetail) -> bool {
    offering.can_edit && offering.summary.state.is_editable()
}

/// What is stored of a form, in the order of its questions.
pub(super) fn stored_rows(schema: &Schema, values: &Json) -> AnyView {
    let rows = schema.display(values).into_iter();
    rows.map(|row| view! { <KeyValue label=row.label>{row.text}</KeyValue> })
        .collect_view()
        .into_any()
}

/// Why a page has no forms, to those for whom it has none.
fn why_no_forms(offering: &OfferingDetail) -> Option<AnyView> {
    if !offering.can_edit {
        let words = format!(
            "Your role only reads what is stored here. It does not include “{}”: an owner of the organization can give you \
             one that does.",
            Permission::EditOffering.label()
        );
        return Some(view! { <Banner tone=Tone::Neutral title="To read">{words}</Banner> }.into_any());
    }
    (!offering.summary.state.is_editable()).then(|| {
        view! { <Banner tone=Tone::Neutral title="Archived">"What was sold lives on. For that the settings of its plugin can be changed, prices to come withdrawn and wrong prices corrected; nothing else of it can be changed any more."</Banner> }.into_any()
    })
}

/// The page of a step: `main` with what is missing beside it, and above that `beside`, where a step has something.
pub(super) fn step_page(
    step: Step,
    offering: &OfferingDetail,
    main: AnyView,
    beside: Option<AnyView>,
) -> AnyView {
    let here = vec![Breadcrumb::here(step.label())];
    framed((step, step.label().to_owned(), here), offering, main, beside)
}

/// The page of one part of a step, which is called so.
pub(super) fn part_page(
    (step, part): (Step, &str),
    offering: &OfferingDetail,
    main: AnyView,
    beside: Option<AnyView>,
) -> AnyView {
    let whole = routes::offering_step(offering.summary.id, step.path());
    let here = vec![Breadcrumb::to(step.label(), whole), Breadcrumb::here(part)];
    framed((step, part.to_owned(), here), offering, main, beside)
}

fn framed(
    (step, title, here): (Step, String, Vec<Breadcrumb>),
    offering: &OfferingDetail,
    main: AnyView,
    beside: Option<AnyView>,
) -> AnyView {
    let name = offering.summary.name.clone();
    let provider = offering.summary.provider_id;
    let mut breadcrumbs = vec![
        Breadcrumb::to("Offerings", routes::provider(provider)),
        Breadcrumb::to(
            name.clone(),
            routes::offering_step(offering.summary.id, "describe"),
        ),
    ];
    breadcrumbs.extend(here);
    let why_no_forms = why_no_forms(offering);
    let ready = offering.summary.state.is_editable().then(|| {
        let (progress, items) = (progress(&offering.readiness), items(offering));
        view! {
            <Section title="Ready to publish?" lead=progress>
                <div data-test="readiness">
                    <Checklist items=items/>
                </div>
            </Section>
        }
    });
    let aside = view! { {beside} {ready} };
    view! {
        <Title text=format!("{title}: {name}")/>
        <PageHeader
            title=name
            breadcrumbs=breadcrumbs
            state=state(offering)
            actions=actions(offering)
        />
        <Tabs items=tabs(step, offering) label="Steps"/>
        {why_no_forms}
        <Split aside=aside.into_any()>{main}</Split>
    }
    .into_any()
}

fn state(offering: &OfferingDetail) -> AnyView {
    let state = offering.summary.state;
    view! {
        <span data-test="offering-state">
            <StateBadge tone=appearance::offering_tone(state) label=state.label()/>
        </span>
    }
    .into_any()
}

fn actions(offering: &OfferingDetail) -> AnyView {
    let href = routes::offering(&offering.summary.slug);
    view! {
        <LinkButton href=href icon=Icon::Eye>
            "See it as a buyer"
        </LinkButton>
    }
    .into_any()
}

fn tabs(current: Step, offering: &OfferingDetail) -> Vec<NavLink> {
    let missing = |step: Step| {
        let open = offering
            .readiness
            .iter()
            .filter(|line| !line.met && requirement_location(line.requirement).0 == step);
        u32::try_from(open.count()).unwrap_or(u32::MAX)
    };
    let link = |step: Step| {
        NavLink::to(
            step.label(),
            routes::offering_step(offering.summary.id, step.path()),
        )
        .current(step == current)
        .count(missing(step))
    };
    Step::ALL.into_iter().map(link).collect()
}

fn progress(lines: &[Line]) -> String {
    let open = lines.iter().filter(|line| !line.met).count();
    match open {
        0 => "Nothing is missing.".to_owned(),
        1 => "One thing is missing.".to_owned(),
        open => format!("{open} things are missing."),
    }
}

fn items(offering: &OfferingDetail) -> Vec<ChecklistItem> {
    let item = |line: &Line| {
        let (step, field) = requirement_location(line.requirement);
        ChecklistItem {
            label: line.requirement.label().to_owned(),
            done: line.met,
            href: Some(format!(
                "{}#{field}",
                routes::offering_step(offering.summary.id, step.path())
            )),
            note: Some(line.detail.clone()).filter(|detail| !detail.is_empty()),
        }
    };
    offering.readiness.iter().map(item).collect()
}

/// The step and the place on its page where a requirement is met.
fn requirement_location(requirement: Requirement) -> (Step, &'static str) {
    match requirement {
        Requirement::Name => (Step::Describe, "f-name"),
        Requirement::Description => (Step::Describe, "f-description"),
        Requirement::Category => (Step::Describe, "f-category"),
        Requirement::Attributes => (Step::Describe, "attributes"),
        Requirement::Audience => (Step::Describe, "f-audience"),
        Requirement::Plugin => (Step::Provisioning, "settings"),
        Requirement::TestedSettings => (Step::Provisioning, "connection"),
        Requirement::Component => (Step::Components, "component"),
        Requirement::Plan | Requirement::Prices => (Step::Plans, "plan"),
        Requirement::RequestForm => (Step::Form, "field"),
        Requirement::Terms => (Step::Terms, "f-terms_of_service"),
    }
}

/// The hidden fields that every form of an offering carries: which one, and in which state it was drawn.
#[component]
pub(super) fn OfferingReference(offering: OfferingDetail) -> impl IntoView {
    view! {
        <HiddenField name="offering" value=offering.summary.id.to_string()/>
        <HiddenField name="revision" value=offering.revision.to_string()/>
    }
}

/// The same for forms of one button.
pub(super) fn offering_reference(offering: &OfferingDetail, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = [
        ("offering".to_owned(), offering.summary.id.to_string()),
        ("revision".to_owned(), offering.revision.to_string()),
    ];
    let more = more
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    own.into_iter().chain(more).collect()
}

/// Choices of a text enum.
macro_rules! choices {
    ($name:ident) => {
        <model::$name>::ALL
            .iter()
            .map(|one| $crate::components::Choice::new(one.as_str(), one.label()))
            .collect::<Vec<_>>()
    };
}
pub(super) use choices;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_leads_to_a_step_and_every_step_has_an_address() {
        for requirement in Requirement::ALL {
            assert!(
                Step::ALL.contains(&requirement_location(*requirement).0),
                "{requirement}"
            );
        }
        let mut paths = Step::ALL.map(Step::path).to_vec();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), Step::ALL.len());
    }
}
