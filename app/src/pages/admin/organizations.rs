use leptos::prelude::*;
use leptos_meta::Title;
use model::{OrganizationSummary, UnverifiedOrganization};

use crate::{
    address::{address, with},
    components::*,
    page::{Area, page},
    pages::structure::{LegalFields, ProviderFields, text_field},
    reply::FormReply,
    routes,
    server_fns::admin::{AdminOrganizations, AdminRows, load_new_organization, load_organizations},
};

const AT: &str = "/admin/organizations";

#[component]
pub fn OrganizationsPage() -> impl IntoView {
    page(Area::Staff, async {
        Ok(organizations(load_organizations().await?))
    })
}

fn organizations(facts: AdminOrganizations) -> impl IntoView {
    let AdminOrganizations {
        rows: AdminRows { page, filters, reply },
        unverified,
        can_manage,
    } = facts;
    let next = page
        .next
        .map(|cursor| address(AT, &with(&filters, "cursor", &cursor)));
    let new = can_manage.then(|| view! {
        <LinkButton href="/admin/organizations/new" kind=ButtonKind::Primary icon=Icon::Plus attr:data-test="new-organization">
            "New organization"
        </LinkButton>
    });
    let rows = if page.items.is_empty() {
        view! {
            <EmptyState illustration=Illustration::People title="No such organization">
                "Organizations buy and sell. Each has an owner who adds people and projects."
            </EmptyState>
        }
        .into_any()
    } else {
        table(page.items).into_any()
    };
    let q = filters.text("q").to_owned();
    view! {
        <Title text="Organizations"/>
        <PageHeader title="Organizations" lead="Who buys and who sells here." actions=new.into_any()/>
        <Unverified rows=unverified reply=reply can_verify=can_manage/>
        <FilterForm action=AT>
            <TextField name="q" label="Name" kind="search" value=q/>
        </FilterForm>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

/// Whose country and VAT number nobody has confirmed yet.
#[component]
fn Unverified(rows: Vec<UnverifiedOrganization>, reply: FormReply, can_verify: bool) -> impl IntoView {
    let columns = vec![
        Column::text("Legal name"),
        Column::text("Country"),
        Column::text("VAT number"),
        Column::text("Saved").hide_phone(),
        Column::text(""),
    ];
    let refused = view! { <ErrorSummary errors=reply.errors() title="It was not verified."/> };
    let any = !rows.is_empty();
    let rows: Vec<_> = rows.into_iter().map(|one| unverified(one, can_verify)).collect();
    view! {
        {refused}
        {any.then(|| view! {
            <Section
                title="To verify"
                lead="Country and VAT number decide the tax once somebody has compared them with the register of the country."
                flush=true
            >
                <DataTable caption="To verify" columns=columns>{rows}</DataTable>
            </Section>
        })}
    }
}

fn unverified(one: UnverifiedOrganization, can_verify: bool) -> impl IntoView {
    let (country, vat_number) = (one.country.clone(), one.vat_number.clone());
    let form = can_verify.then(move || {
        view! {
            <Form action="/fn/verify_organization" guard=false label="Verify">
                <HiddenField name="organization" value=one.id.to_string()/>
                <HiddenField name="country" value=country/>
                <HiddenField name="vat_number" value=vat_number/>
                <SubmitButton busy="Verifying…" attr:data-test="verify-organization">
                    "Verify"
                </SubmitButton>
            </Form>
        }
    });
    view! {
        <Row>
            <MainCell href=routes::organization(one.id)>{one.legal_name}</MainCell>
            <Cell label="Country">{one.country}</Cell>
            <Cell label="VAT number">{one.vat_number}</Cell>
            <Cell label="Saved" hide_phone=true><DateText at=one.changed_at/></Cell>
            <Cell label="">{form}</Cell>
        </Row>
    }
}

fn table(rows: Vec<OrganizationSummary>) -> impl IntoView {
    let columns = vec![
        Column::text("Organization"),
        Column::text("Sells"),
        Column::number("Projects"),
    ];
    view! {
        <DataTable caption="Organizations" columns=columns>
            {rows.into_iter().map(row).collect_view()}
        </DataTable>
    }
}

fn row(one: OrganizationSummary) -> impl IntoView {
    let sells = one.is_provider.then(|| {
        view! {
            // One part of the cell: on phones each stands on a line of its own.
            <span>
                <a href=routes::provider(one.id)>"Provider"</a>
                " · "
                <a href=routes::assigned_backends(one.id)>"Backends"</a>
            </span>
        }
    });
    view! {
        <Row>
            <MainCell href=routes::organization(one.id) sub=one.slug>
                {one.name}
            </MainCell>
            <Cell label="Sells">{sells}</Cell>
            <Cell label="Projects" num=true>{one.projects}</Cell>
        </Row>
    }
}

#[component]
pub fn NewOrganizationPage() -> impl IntoView {
    page(Area::Staff, async {
        let reply = load_new_organization().await?;
        Ok(view! { <NewOrganization reply=reply/> })
    })
}

#[component]
fn NewOrganization(reply: FormReply) -> impl IntoView {
    view! {
        <Title text="New organization"/>
        <PageHeader title="New organization" breadcrumbs=vec![Breadcrumb::to("Organizations", AT), Breadcrumb::here("New")]/>
        <Section>
            <Form action="/fn/create_organization" label="New organization">
                <ErrorSummary errors=reply.errors() title="The organization was not created."/>
                <Naming reply=reply.clone()/>
                <LegalFields reply=reply.clone() chooses_currency=true/>
                <ProviderFields reply=reply/>
                <FormActions>
                    <SubmitButton busy="Creating…" attr:data-test="create-organization">
                        "Create"
                    </SubmitButton>
                    <LinkButton href=AT kind=ButtonKind::Quiet>
                        "Back"
                    </LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
}

#[component]
fn Naming(reply: FormReply) -> impl IntoView {
    let short = text_field(
        &reply,
        "slug",
        "Short name",
        "For addresses and backends; made of the name when empty. It stays.",
    );
    view! {
        <TextField
            name="name"
            label="Name"
            value=reply.value_or("name", "")
            error=reply.error("name")
            maxlength=150
            required=true
        />
        {short}
        <TextField
            name="owner"
            label="Owner"
            kind="email"
            value=reply.value_or("owner", "")
            help="The e-mail address of somebody with an account, who then runs the organization."
            error=reply.error("owner")
            required=true
        />
    }
}
