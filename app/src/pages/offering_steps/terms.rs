use leptos::prelude::*;
use model::{OfferingDetail, TermsOfServiceVersion};

use super::step::{OfferingReference, Step, area_of, is_editable, offering_id, step_page};
use crate::{
    components::*,
    page::{Area, page_with_area},
    reply::FormReply,
    routes,
    server_fns::offerings::{OfferingStep, load_markdown, load_offering_step, load_terms_versions},
};

#[component]
pub fn TermsPage() -> impl IntoView {
    let id = offering_id();
    page_with_area(Area::Market, async move {
        let facts = load_offering_step(id, "save_terms".to_owned()).await?;
        let OfferingStep { offering, reply, .. } = facts;
        let shown = load_markdown(offering.terms_of_service.clone()).await?;
        let versions = load_terms_versions(offering.summary.id.to_string()).await?;
        let area = area_of(&offering);
        let slug = offering.summary.slug.clone();
        let form =
            is_editable(&offering).then(|| view! { <TermsForm offering=offering.clone() reply=reply/> });
        let main = view! {
            {form}
            <Preview version=offering.terms_version shown=shown/>
            <Versions slug=slug versions=versions/>
        };
        Ok((area, step_page(Step::Terms, &offering, main.into_any(), None)))
    })
}

#[component]
fn Preview(version: i32, shown: String) -> impl IntoView {
    (!shown.is_empty()).then(|| {
        view! {
            <Section title="As buyers read them" lead=format!("Version {version}. An order keeps the version that was accepted.")>
                <Markdown html=shown/>
            </Section>
        }
    })
}

#[component]
fn TermsForm(offering: OfferingDetail, reply: FormReply) -> impl IntoView {
    let stored = [("terms_of_service".to_owned(), offering.terms_of_service.clone())];
    view! {
        <Section title="Terms of service" lead="Who orders must accept them. A change makes a new version for orders to come.">
            <Form action="/fn/save_terms" label="Terms of service">
                <ErrorSummary errors=reply.errors() title="The terms were not saved."/>
                <Conflict stored=stored.into_iter().collect() reply=reply.clone()/>
                <OfferingReference offering=offering.clone()/>
                <MarkdownField
                    name="terms_of_service"
                    label="Terms of service"
                    value=reply.value_or("terms_of_service", offering.terms_of_service)
                    error=reply.error("terms_of_service")
                    rows=16
                    maxlength=50000
                    required=true
                />
                <FormActions>
                    <SubmitButton busy="Saving…" attr:data-test="save-terms">
                        "Save"
                    </SubmitButton>
                </FormActions>
            </Form>
        </Section>
    }
}

/// What was agreed to stays readable.
#[component]
fn Versions(slug: String, versions: Vec<TermsOfServiceVersion>) -> impl IntoView {
    let columns = vec![
        Column::text("Version"),
        Column::text("Written"),
        Column::text("By"),
    ];
    let rows = versions.into_iter().map(|one| {
        let present = one
            .is_present
            .then(|| view! { <Badge tone=Tone::Good>"For new orders"</Badge> });
        let href = routes::terms(&slug, one.version);
        view! {
            <Row>
                <MainCell href=href>{format!("Version {}", one.version)} " " {present}</MainCell>
                <Cell label="Written">{one.created_at.map(|at| view! { <DateText at=at time=true/> })}</Cell>
                <Cell label="By">{one.created_by}</Cell>
            </Row>
        }
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| view! {
        <Section title="Versions" lead="Buyers can read the version that their order accepted." flush=true>
            <DataTable caption="Versions of the terms of service" columns=columns>{rows}</DataTable>
        </Section>
    })
}
