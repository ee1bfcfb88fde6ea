use leptos::prelude::*;
use model::{ChargeType, Component, ComponentTerms, ExpectedUse, OfferingDetail, PluginFacts, PresetFacts};

use super::{
    component_form::ComponentForm,
    step::{Step, area_of, is_editable, offering_id, offering_reference, step_page},
};
use crate::{
    components::*,
    offering_form::component_texts,
    page::{Area, page_with_area},
    pages::marketplace::range_text,
    reply::FormReply,
    routes,
    server_fns::offerings::{Backends, OfferingStep, load_backends, load_offering_step},
};

#[component]
pub fn ComponentsPage() -> impl IntoView {
    let id = offering_id();
    page_with_area(Area::Market, async move {
        let facts = load_offering_step(id.clone(), "save_component".to_owned()).await?;
        let backends = load_backends(id).await?;
        let (offering, area) = (facts.offering.clone(), area_of(&facts.offering));
        let main = view! { <Components facts=facts backends=backends/> };
        Ok((
            area,
            step_page(Step::Components, &offering, main.into_any(), None),
        ))
    })
}

#[component]
fn Components(facts: OfferingStep, backends: Backends) -> impl IntoView {
    let OfferingStep {
        offering,
        reply,
        asked,
    } = facts;
    let changed = reply.value_or("id", asked.text("component"));
    let old = offering
        .components
        .iter()
        .find(|one| one.id.to_string() == changed)
        .cloned();
    let reply = match &old {
        Some(old) if !reply.is_filled() => FormReply {
            fields: component_texts(old),
            problem: None,
        },
        _ => reply,
    };
    let title = old.as_ref().map_or_else(
        || "Add a component".to_owned(),
        |old| format!("Change {}", old.terms.name),
    );
    let all = offering.clone();
    let ready_made = !presets(&offering, &backends).is_empty();
    let forms = is_editable(&offering).then(|| {
        view! {
            <Presets offering=offering.clone() backends=backends/>
            <Section title=title id="component">
                <ComponentForm offering=offering old=old reply=reply/>
            </Section>
        }
    });
    view! {
        <Section
            title="Components"
            lead="What is measured, reserved or charged: computing hours, storage, a yearly fee."
            flush=true
        >
            <List offering=all ready_made=ready_made/>
        </Section>
        {forms}
    }
}

#[component]
fn List(offering: OfferingDetail, ready_made: bool) -> impl IntoView {
    if offering.components.is_empty() {
        let begin = if !is_editable(&offering) {
            "Nothing is measured, reserved or charged."
        } else if ready_made {
            "Take one of those that the plugin measures, or describe your own below."
        } else {
            "Describe the first one below."
        };
        return view! {
            <EmptyState illustration=Illustration::Shelf title="No components yet" compact=true>
                {begin}
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("Component"),
        Column::text("Charged"),
        Column::text("Unit"),
        Column::text("Amounts").hide_phone(),
        Column::actions(),
    ];
    let rows: Vec<_> = offering
        .components
        .iter()
        .map(|one| row(&offering, one))
        .collect();
    view! {
        <DataTable caption="Components" columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

fn row(offering: &OfferingDetail, one: &Component) -> impl IntoView + use<> {
    let terms = one.terms.clone();
    let edit = is_editable(offering).then(|| {
        format!(
            "{}?component={}#component",
            routes::offering_step(offering.summary.id, "components"),
            one.id
        )
    });
    let (name, code, unit, bounds) = (
        terms.name.clone(),
        terms.code.clone(),
        terms.unit.clone(),
        amounts(&terms),
    );
    let actions = edit.clone().map(|change| actions(offering, one, change));
    let period = (terms.charge == ChargeType::Limit).then(|| format!(" {}", terms.limit_period.label()));
    view! {
        <Row>
            <MainCell href=edit sub=code>
                {name}
            </MainCell>
            <Cell label="Charged">{terms.charge.label()} {period}</Cell>
            <Cell label="Unit">{unit}</Cell>
            <Cell label="Amounts" hide_phone=true>{bounds}</Cell>
            <ActionsCell>{actions}</ActionsCell>
        </Row>
    }
}

fn actions(offering: &OfferingDetail, one: &Component, change: String) -> impl IntoView + use<> {
    let remove = offering_reference(offering, &[("id", one.id.to_string().as_str())]);
    view! {
        <Menu label=format!("Actions for {}", one.terms.name) icon=Icon::Ellipsis icon_only=true kind=ButtonKind::Quiet>
            <MenuLink href=change>"Change"</MenuLink>
            <MenuForm action="/fn/remove_component" label="Remove" danger=true fields=remove/>
        </Menu>
    }
}

/// What buyers choose and say of it, as they read it on the order form.
fn amounts(terms: &ComponentTerms) -> String {
    let part = |word: &str, value: Option<model::Fixed>| value.map(|value| format!("{word} {value}"));
    let most = terms.max.filter(|_| terms.charge != ChargeType::Limit);
    let expected = match terms.expected_use {
        ExpectedUse::Off => None,
        asked => Some(format!("expected use: {}", asked.label().to_lowercase())),
    };
    let parts = [
        range_text(terms),
        part("at most", most),
        part("starts with", terms.default),
        terms.prepaid.then(|| "prepaid".to_owned()),
        expected,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The chosen plugin.
fn plugin_of<'b>(offering: &OfferingDetail, backends: &'b Backends) -> Option<&'b PluginFacts> {
    backends
        .plugins
        .iter()
        .find(|plugin| plugin.kind == offering.plugin)
}

/// Components that the chosen plugin understands and the offering does not have.
fn presets<'b>(offering: &OfferingDetail, backends: &'b Backends) -> Vec<&'b PresetFacts> {
    let known = |code: &str| offering.components.iter().any(|one| one.terms.code == code);
    let understood = plugin_of(offering, backends).map(|plugin| plugin.components.iter());
    understood
        .into_iter()
        .flatten()
        .filter(|one| !known(&one.code))
        .collect()
}

/// Each of them is added with one click.
#[component]
fn Presets(offering: OfferingDetail, backends: Backends) -> impl IntoView {
    let title = plugin_of(&offering, &backends).map(|one| format!("Ready-made for {}", one.title));
    let rows: Vec<_> = presets(&offering, &backends)
        .into_iter()
        .map(|one| preset(&offering, one))
        .collect();
    (!rows.is_empty()).then(|| {
        view! { <Section title=title.unwrap_or_default()>{rows}</Section> }
    })
}

fn preset(offering: &OfferingDetail, one: &PresetFacts) -> impl IntoView + use<> {
    let charge = one.charges.first().map_or("usage", |charge| charge.as_str());
    let fields = [
        ("code", one.code.as_str()),
        ("name", one.name.as_str()),
        ("unit", one.unit.as_str()),
        ("charge", charge),
        ("description", one.description.as_str()),
    ];
    let test = format!("preset-{}", one.code);
    let fields = offering_reference(offering, &fields);
    let (name, words) = (
        one.name.clone(),
        format!("{} {} Charged per {}.", one.description, one.at_work(), one.unit),
    );
    view! {
        <div class="spread">
            <div>
                <span class="strong">{name.clone()}</span>
                <br/>
                <span class="muted small">{words}</span>
            </div>
            <Form action="/fn/save_component" guard=false label=format!("Add {name}")>
                <HiddenFields fields=fields/>
                <SubmitButton kind=ButtonKind::Secondary icon=Icon::Plus attr:data-test=test>
                    "Add"
                </SubmitButton>
            </Form>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_said_as_buyers_read_them() {
        let mut terms = ComponentTerms::simple("space", "Space", "TB", ChargeType::Limit);
        (terms.min, terms.max) = (Some(1_u32.into()), Some(50_u32.into()));
        (terms.step, terms.default) = (Some(1_u32.into()), Some(5_u32.into()));
        assert_eq!(amounts(&terms), "1 to 50 TB, starts with 5");
        let mut used = ComponentTerms::simple("samples", "Samples", "sample", ChargeType::Usage);
        assert_eq!(amounts(&used), "");
        (used.max, used.expected_use) = (Some(500_u32.into()), ExpectedUse::Required);
        assert_eq!(
            amounts(&used),
            "at most 500, expected use: asked, must be filled in"
        );
    }
}
