use leptos::prelude::*;
use model::{OfferingDetail, Plan, PlanHistory};

use super::{
    duration::{Duration, StoredDuration},
    plan_form::PlanForm,
    price_correction::{self, CorrectPrice},
    step::{Step, area_of, is_editable, offering_id, offering_reference, step_page},
    versions,
};
use crate::{
    components::*,
    page::{Area, page_with_area},
    reply::FormReply,
    routes,
    server_fns::{
        offerings::{OfferingStep, load_offering_step, load_plan_history},
        session::load_reply,
    },
};

#[component]
pub fn PlansPage() -> impl IntoView {
    let id = offering_id();
    page_with_area(Area::Market, async move {
        let facts = load_offering_step(id, "save_plan".to_owned()).await?;
        let duration = load_reply("save_duration".to_owned()).await?;
        let (offering, area) = (facts.offering.clone(), area_of(&facts.offering));
        let chosen = facts.asked.text("plan").to_owned();
        let history = if chosen.is_empty() {
            None
        } else {
            Some(load_plan_history(offering.summary.id.to_string(), chosen).await?)
        };
        let correcting = load_reply("correct_plan_price".to_owned()).await?;
        let main = view! { <Plans facts=facts duration=duration history=history correcting=correcting/> };
        Ok((area, step_page(Step::Plans, &offering, main.into_any(), None)))
    })
}

#[component]
fn Plans(
    facts: OfferingStep,
    duration: FormReply,
    history: Option<PlanHistory>,
    correcting: FormReply,
) -> impl IntoView {
    let OfferingStep {
        offering,
        reply,
        asked,
    } = facts;
    let changed = reply.value_or("id", asked.text("plan"));
    let old = offering
        .plans
        .iter()
        .find(|one| one.id.to_string() == changed)
        .cloned();
    let whole = offering.clone();
    let title = old
        .as_ref()
        .map_or_else(|| "Add a plan".to_owned(), |old| format!("Change {}", old.name));
    let lead =
        "Buyers choose a plan. What was ordered keeps its prices and terms until a later version reaches it.";
    let correct = history.clone().filter(|_| offering.can_edit).and_then(|history| {
        let version = price_correction::chosen(&history, &asked, &correcting)?;
        let from = asked.text("from").to_owned();
        Some(view! { <CorrectPrice offering=offering.clone() history=history version=version from=from reply=correcting/> })
    });
    let versions = history.map(|history| versions::versions(&offering, history));
    let editable = is_editable(&offering);
    let form = editable.then(|| plan_form(&offering, old, reply));
    let form = form.map(|form| view! { <Section title=title id="plan">{form}</Section> });
    let duration = if editable {
        view! { <Duration offering=whole reply=duration/> }.into_any()
    } else {
        view! { <StoredDuration rules=whole.duration/> }.into_any()
    };
    view! {
        <Section title="Plans" lead=lead flush=true>
            <List offering=offering/>
        </Section>
        {correct}
        {form}
        {versions}
        <Section title="How long" lead="What is paid up front is paid for a term in months." id="duration">
            {duration}
        </Section>
    }
}

fn plan_form(offering: &OfferingDetail, old: Option<Plan>, reply: FormReply) -> AnyView {
    if offering.components.is_empty() {
        let components = routes::offering_step(offering.summary.id, "components");
        view! {
            <EmptyState illustration=Illustration::Receipt title="Components come first" compact=true>
                "A plan gives each component a price. "
                <a href=components>"Add a component"</a>
                "."
            </EmptyState>
        }
        .into_any()
    } else {
        let offering = offering.clone();
        view! { <PlanForm offering=offering old=old reply=reply/> }.into_any()
    }
}

#[component]
fn List(offering: OfferingDetail) -> impl IntoView {
    if offering.plans.is_empty() {
        let begin = if is_editable(&offering) {
            "One plan is enough to begin: give it a name and a price for each component."
        } else {
            "Without a plan nobody can order it."
        };
        return view! {
            <EmptyState illustration=Illustration::Receipt title="No plans yet" compact=true>
                {begin}
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("Plan"),
        Column::text("Billed"),
        Column::text("Prices"),
        Column::number("Setup"),
        Column::actions(),
    ];
    let rows: Vec<_> = offering.plans.iter().map(|one| row(&offering, one)).collect();
    view! {
        <DataTable caption="Plans" columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

fn row(offering: &OfferingDetail, plan: &Plan) -> impl IntoView + use<> {
    let edit = format!(
        "{}?plan={}#{}",
        routes::offering_step(offering.summary.id, "plans"),
        plan.id,
        if is_editable(offering) { "plan" } else { "versions" }
    );
    let billed = format!(
        "{}, {}",
        plan.billing_period.label(),
        plan.charge_mode.label().to_lowercase()
    );
    let prices: Vec<_> = plan
        .prices
        .iter()
        .map(|price| {
            let mut components = offering.components.iter();
            let of = components.find(|one| one.terms.code == price.component);
            let text = of.map_or_else(
                || price.text.clone(),
                |one| one.terms.price_in_words(&price.text, plan.billing_period),
            );
            view! { <div class="small">{text}</div> }
        })
        .collect();
    let to_come: Vec<_> = plan
        .changes
        .iter()
        .map(|change| {
            let what = format!("{} from ", plan.change_in_words(change, &offering.components));
            view! { <div class="small muted">{what} <FirstInstant at=change.starts_at day=change.first_day/></div> }
        })
        .collect();
    let archived = plan
        .archived
        .then(|| view! { <StateBadge tone=Tone::Ended label="No longer sold"/> });
    let (name, sub) = (plan.name.clone(), plan.description.clone());
    let actions = if is_editable(offering) {
        actions(offering, plan, edit.clone()).into_any()
    } else {
        view! { <a href=edit.clone()>"Versions"</a> }.into_any()
    };
    let (fee, currency) = (plan.setup_fee.to_decimal(), plan.currency.code());
    view! {
        <Row muted=plan.archived>
            <MainCell href=edit sub=sub>
                {name}
            </MainCell>
            <Cell label="Billed">{billed} " " {archived}</Cell>
            <Cell label="Prices"><div>{prices} {to_come}</div></Cell>
            <Cell label="Setup" num=true>
                <Money amount=fee currency=currency/>
            </Cell>
            <ActionsCell>{actions}</ActionsCell>
        </Row>
    }
}

fn actions(offering: &OfferingDetail, plan: &Plan, change: String) -> impl IntoView + use<> {
    let (id, name) = (plan.id.to_string(), plan.name.clone());
    let fields = offering_reference(offering, &[("id", id.as_str())]);
    let dialog = format!("stop-{id}");
    let sale = if plan.archived {
        view! { <MenuForm action="/fn/restore_plan" label="Sell it again" fields=fields.clone()/> }.into_any()
    } else {
        view! { <MenuDialog for_id=dialog.clone() danger=true>"Stop selling it"</MenuDialog> }.into_any()
    };
    let asked = (!plan.archived).then(|| {
        let title = format!("Stop selling {name}?");
        view! {
            <ConfirmDialog id=dialog title=title action="/fn/archive_plan" confirm="Stop selling it" danger=true fields=fields>
                "Nobody can order it then. Who has it keeps it, and it can be sold again later."
            </ConfirmDialog>
        }
    });
    view! {
        <Menu label=format!("Actions for {name}") icon=Icon::Ellipsis icon_only=true kind=ButtonKind::Quiet>
            <MenuLink href=change>"Change"</MenuLink>
            {sale}
        </Menu>
        {asked}
    }
}
