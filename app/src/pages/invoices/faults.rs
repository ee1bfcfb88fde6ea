//! Whose month cannot be invoiced as things are, and where that is mended.

use leptos::prelude::*;
use model::{ChargeFault, CloseFailure, Month, PriceAtFault};

use crate::{components::*, routes};

#[component]
pub fn BillingFaults(faults: Vec<CloseFailure>) -> impl IntoView {
    let columns = vec![
        Column::text("Buyer"),
        Column::text("Month"),
        Column::text("What to correct"),
    ];
    let any = !faults.is_empty();
    let rows: Vec<_> = faults.into_iter().map(fault).collect();
    any.then(|| {
        view! {
            <Section
                title="Cannot be invoiced"
                lead="The charges of these cannot be computed; everybody else's can. Correct them before the month is closed, or close it again afterwards."
                flush=true
            >
                <div data-test="billing-faults">
                    <DataTable caption="Cannot be invoiced" columns=columns>{rows}</DataTable>
                </div>
            </Section>
        }
    })
}

fn fault(one: CloseFailure) -> impl IntoView {
    let month = one.month;
    let reasons: Vec<_> = one
        .reasons
        .into_iter()
        .map(|reason| reason_row(month, reason))
        .collect();
    view! {
        <Row>
            <MainCell href=routes::organization(one.organization_id) sub=format!("from {}", one.provider_name)>
                {one.organization_name}
            </MainCell>
            <Cell label="Month">{month.title()}</Cell>
            <Cell label="What to correct">{reasons}</Cell>
        </Row>
    }
}

fn reason_row(month: Month, reason: ChargeFault) -> impl IntoView {
    let resource = reason.resource_id.map(|id| {
        view! { " " {link_or_text(routes::resource(id), "The resource".to_owned())} }
    });
    let price = reason.price.map(|price| {
        let href = correction(&price, month);
        view! { " " <span data-test="correct-price-of-fault">{link_or_text(href, "Correct the price".to_owned())}</span> }
    });
    view! { <p>{reason.message} {resource} {price}</p> }
}

/// The form that corrects the price from the month on; without its version, the list of all.
fn correction(price: &PriceAtFault, month: Month) -> String {
    let plan = routes::offering_step(price.offering_id, "plans");
    let id = price.plan_id;
    match price.version {
        Some(version) => format!(
            "{plan}?plan={id}&correct={version}&from={}#correct",
            month.first_day()
        ),
        None => format!("{plan}?plan={id}#versions"),
    }
}
