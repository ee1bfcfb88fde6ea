use leptos::prelude::*;
use leptos_meta::Title;
use model::{OrganizationDetail, OrganizationVersion, ProjectSpend};

use super::{id_in_address, projects::project_rows, spent};
use crate::{
    components::*,
    page::{Area, page},
    routes,
    server_fns::structure::{OrganizationFacts, load_organization},
};

#[component]
pub fn OrganizationPage() -> impl IntoView {
    let id = id_in_address();
    page(Area::Organization(id.clone()), async move {
        Ok(overview(load_organization(id).await?))
    })
}

fn overview(facts: OrganizationFacts) -> impl IntoView {
    let OrganizationFacts {
        organization,
        versions,
        spend,
        projects,
        ..
    } = facts;
    let (id, name) = (organization.id, organization.name.clone());
    let state = organization
        .is_provider
        .then(|| view! { <Badge tone=Tone::Info>"Provider"</Badge> });
    let provider_link = organization.is_provider.then(|| {
        view! { <LinkButton href=routes::provider(id) icon=Icon::Package>"Provider's area"</LinkButton> }
    });
    let more = (projects.items.len() > 5 || projects.next.is_some()).then(|| {
        view! { <LinkButton href=routes::organization_part(id, "projects") kind=ButtonKind::Quiet>"All projects"</LinkButton> }
    });
    let sees_projects = can_open(&routes::organization_part(id, "projects"));
    let (cost, count) = (spent(&spend), projects.items.len());
    let beyond = projects.next.is_some().then_some("+");
    let figures = view! {
        <Stat label=format!("Cost in {}", spend.month.title()) href=format!("/invoices?organization={id}") note=format_as_of("so far, without tax", spend.as_of)>
            {cost}
        </Stat>
        {sees_projects.then(|| view! {
            <Stat label="Projects" href=routes::organization_part(id, "projects")>
                {count}
                {beyond}
            </Stat>
        })}
    };
    let first: Vec<_> = projects.items.into_iter().take(5).collect();
    let listed = sees_projects.then(|| {
        view! { <Section title="Projects" actions=more.into_any() flush=true>{project_rows(first)}</Section> }
    });
    view! {
        <Title text=name.clone()/>
        <PageHeader title=name state=state.into_any() actions=provider_link.into_any()/>
        <StatGrid>{figures}</StatGrid>
        {listed}
        {by_project(spend.projects, None)}
        <Details organization=organization/>
        {history(versions)}
    }
}

/// What each project has cost so far this month; nothing where none has.
pub(crate) fn by_project(projects: Vec<ProjectSpend>, lead: Option<&'static str>) -> impl IntoView {
    let columns = vec![Column::text("Project"), Column::number("So far")];
    let rows = projects.into_iter().map(|one| {
        let (amount, currency) = (one.net.amount, one.net.currency.code());
        view! {
            <Row>
                <MainCell href=routes::project(one.project_id)>{one.project_name}</MainCell>
                <Cell label="So far" num=true><Money amount=amount currency=currency/></Cell>
            </Row>
        }
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="This month by project" lead=lead id="costs" flush=true>
                <DataTable caption="Cost by project" columns=columns>{rows}</DataTable>
            </Section>
        }
    })
}

/// What stood on documents before, where it ever changed.
fn history(versions: Vec<OrganizationVersion>) -> impl IntoView {
    let columns = vec![
        Column::text("Legal name"),
        Column::text("From"),
        Column::text("Country"),
        Column::text("VAT number"),
        Column::text("Address").hide_phone(),
    ];
    let any = versions.len() > 1;
    let rows = versions.into_iter().map(|one| {
        let from = one
            .from
            .map_or_else(|| "the beginning".to_owned(), model::Month::title);
        let verified = match (&one.verified_at, one.verified_by) {
            (Some(at), Some(by)) => format!("verified by {by} on {}", format_date(*at)),
            (Some(at), None) => format!("verified on {}", format_date(*at)),
            (None, _) => String::new(),
        };
        view! {
            <Row>
                <Cell main=true>{one.legal_name}</Cell>
                <Cell label="From">{from}</Cell>
                <Cell label="Country">{one.country}</Cell>
                <Cell label="VAT number">
                    {one.vat_number}
                    <br/>
                    <span class="muted small">{verified}</span>
                </Cell>
                <Cell label="Address" hide_phone=true>{one.address.replace('\n', ", ")}</Cell>
            </Row>
        }
    });
    let rows: Vec<_> = rows.collect();
    any.then(|| {
        view! {
            <Section title="On documents" lead="Each stands on the documents of its month and later ones, until the next." flush=true>
                <DataTable caption="On documents, by month" columns=columns>{rows}</DataTable>
            </Section>
        }
    })
}

#[component]
fn Details(organization: OrganizationDetail) -> impl IntoView {
    let address = organization.address.replace('\n', ", ");
    let standing = match (organization.country.is_empty(), organization.verified_at) {
        (true, _) => String::new(),
        (false, Some(at)) => format!("verified on {}", format_date(at)),
        (false, None) => "not verified yet, so they change nothing about the tax".to_owned(),
    };
    let zone = match organization.time_zone_from {
        Some(month) => format!("{} (from {} on)", organization.time_zone, month.title()),
        None => organization.time_zone,
    };
    let lines = [
        ("Legal name", organization.legal_name),
        ("Registration number", organization.registration_number),
        ("VAT number", organization.vat_number),
        ("Country and VAT number", standing),
        ("Address", address),
        ("Country", organization.country),
        ("E-mail for invoices", organization.email),
    ];
    let reckoned = [
        ("Days and months count in", zone),
        (
            "Currency of approval limits",
            organization.currency.code().to_owned(),
        ),
        ("Short name", organization.slug),
    ];
    view! {
        <Section title="Details" lead="As they stand on its documents.">
            <KeyValues columns=true>{key_values(lines)}</KeyValues>
        </Section>
        <Section title="In the portal" lead="How it is reckoned with; invoices are in the currency of what is bought.">
            <KeyValues columns=true>{key_values(reckoned)}</KeyValues>
        </Section>
    }
}

/// What is empty is left out.
fn key_values<const N: usize>(lines: [(&'static str, String); N]) -> impl IntoView {
    let lines = lines.into_iter().filter(|(_, text)| !text.is_empty());
    lines
        .map(|(label, text)| view! { <KeyValue label=label>{text}</KeyValue> })
        .collect_view()
}
