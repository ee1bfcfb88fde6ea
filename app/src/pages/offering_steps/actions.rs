use leptos::prelude::*;
use model::{Action, OfferingDetail, PluginFacts};

use super::{
    action_form::ActionForm,
    step::{Step, area_of, is_editable, offering_id, offering_reference, step_page},
};
use crate::{
    components::*,
    offering_form::{action_texts, own_action},
    page::{Area, page_with_area},
    reply::FormReply,
    routes,
    server_fns::offerings::{OfferingStep, load_backends, load_offering_step},
};

#[component]
pub fn ActionsPage() -> impl IntoView {
    let id = offering_id();
    page_with_area(Area::Market, async move {
        let facts = load_offering_step(id.clone(), "save_action".to_owned()).await?;
        let plugins = load_backends(id).await?.plugins;
        let (offering, area) = (facts.offering.clone(), area_of(&facts.offering));
        let plugin = plugins.into_iter().find(|plugin| plugin.kind == offering.plugin);
        let main = match plugin {
            Some(plugin) if plugin.takes_own_actions => view! { <Own facts=facts/> }.into_any(),
            plugin => view! { <OfPlugin offering=offering.clone() plugin=plugin/> }.into_any(),
        };
        Ok((area, step_page(Step::Actions, &offering, main, None)))
    })
}

/// What the provider defined.
#[component]
fn Own(facts: OfferingStep) -> impl IntoView {
    let OfferingStep {
        offering,
        reply,
        asked,
    } = facts;
    let changed = reply.value_or("action", asked.text("action"));
    let old = own_action(&offering, &changed).cloned();
    let reply = match &old {
        Some(old) if !reply.is_filled() => FormReply {
            fields: action_texts(old),
            problem: None,
        },
        _ => reply,
    };
    let title = old.as_ref().map_or_else(
        || "Add an action".to_owned(),
        |old| format!("Change “{}”", old.title),
    );
    let list = list(&offering);
    let form = is_editable(&offering).then(|| {
        view! {
            <Section title=title id="action">
                <ActionForm offering=offering old=old reply=reply/>
            </Section>
        }
    });
    view! {
        <Section
            title="Actions"
            lead="What can be asked for of a resource, and your people do. What was asked for stands under Tasks."
            flush=true
        >
            {list}
        </Section>
        {form}
    }
}

fn list(offering: &OfferingDetail) -> AnyView {
    if offering.actions.is_empty() {
        let words = if is_editable(offering) {
            "Add what people may ask you for while they have a resource: to restore a backup, to restart it, to send a report."
        } else {
            "Nothing can be asked for of its resources beside orders."
        };
        return view! {
            <EmptyState illustration=Illustration::Inbox title="No actions yet" compact=true>
                {words}
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("Action"),
        Column::text("Who may ask"),
        Column::text("Questions"),
        Column::actions(),
    ];
    let rows: Vec<_> = offering.actions.iter().map(|one| row(offering, one)).collect();
    view! { <DataTable caption="Actions" columns=columns>{rows}</DataTable> }.into_any()
}

fn row(offering: &OfferingDetail, action: &Action) -> impl IntoView + use<> {
    let id = offering.summary.id;
    let edit = is_editable(offering).then(|| {
        let list = routes::offering_step(id, "actions");
        format!("{list}?action={}#action", action.key)
    });
    let questions = match action.input.fields.len() {
        0 if edit.is_some() => "Add questions".to_owned(),
        0 => "None".to_owned(),
        1 => "1 question".to_owned(),
        many => format!("{many} questions"),
    };
    let (own, who) = (routes::offering_action(id, &action.key), action.audience.label());
    let (title, of) = (action.title.clone(), format!(": {}", action.title));
    let sub = action.description.clone();
    let buttons = edit.clone().map(|change| buttons(offering, action, change));
    view! {
        <Row>
            <MainCell href=edit sub=sub>
                {title}
            </MainCell>
            <Cell label="Who may ask">{who}</Cell>
            <Cell label="Questions">
                <a href=own>{questions} <span class="visually-hidden">{of}</span></a>
            </Cell>
            <ActionsCell>{buttons}</ActionsCell>
        </Row>
    }
}

fn buttons(offering: &OfferingDetail, action: &Action, change: String) -> impl IntoView + use<> {
    let fields = |direction: &str| {
        let about = [("action", action.key.as_str()), ("direction", direction)];
        offering_reference(offering, &about)
    };
    let (up, down, remove) = (fields("up"), fields("down"), fields(""));
    let own = routes::offering_action(offering.summary.id, &action.key);
    view! {
        <Menu label=format!("Actions for {}", action.title) icon=Icon::Ellipsis icon_only=true kind=ButtonKind::Quiet>
            <MenuLink href=change>"Change"</MenuLink>
            <MenuLink href=own>"Questions"</MenuLink>
            <MenuForm action="/fn/move_action" label="Move up" icon=Icon::ArrowUp fields=up/>
            <MenuForm action="/fn/move_action" label="Move down" icon=Icon::ArrowDown fields=down/>
            <MenuForm action="/fn/remove_action" label="Remove" danger=true fields=remove/>
        </Menu>
    }
}

/// What the plugin brings, where a provider can add nothing.
#[component]
fn OfPlugin(offering: OfferingDetail, plugin: Option<PluginFacts>) -> impl IntoView {
    let offered: Vec<Action> = plugin
        .iter()
        .flat_map(|plugin| &plugin.actions)
        .filter(|action| action.is_offered(&offering.settings))
        .cloned()
        .collect();
    let nothing = match &plugin {
        Some(plugin) => format!("{} brings none.", plugin.title),
        None => "How it is delivered is not chosen yet.".to_owned(),
    };
    let kept = (!offering.actions.is_empty())
        .then_some(" Those that you defined before are kept, and are there again once people deliver it.");
    let table = if offered.is_empty() {
        view! { <EmptyState illustration=Illustration::Inbox title="No actions" compact=true>{nothing}</EmptyState> }
            .into_any()
    } else {
        table(offered).into_any()
    };
    view! {
        <Section title="Actions" lead="What can be asked for of a resource while it is there, beside orders." flush=true>
            {table}
        </Section>
        <Section title="Actions of your own" id="action">
            <p>
                "You define actions of your own only for what people deliver, because people have to do them. How it is delivered stands under "
                <a href=routes::offering_step(offering.summary.id, "provisioning")>"Provisioning"</a> "." {kept}
            </p>
        </Section>
    }
}

fn table(actions: Vec<Action>) -> impl IntoView {
    let columns = vec![Column::text("Action"), Column::text("Who may ask")];
    let row = |action: Action| {
        view! {
            <Row>
                <MainCell sub=action.description>{action.title}</MainCell>
                <Cell label="Who may ask">{action.audience.label()}</Cell>
            </Row>
        }
    };
    let rows: Vec<_> = actions.into_iter().map(row).collect();
    view! { <DataTable caption="Actions" columns=columns>{rows}</DataTable> }
}
