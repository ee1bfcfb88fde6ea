use leptos::prelude::*;
use model::{InventoryRow, InventoryTable, OfferedAction, ResourceActions, ResourceId};

use crate::{address::encode, components::*, routes};

/// What the backend lists of the resource, each row with what can be done with it. Nothing where it lists nothing.
pub(in crate::pages::resources) fn parts(
    id: ResourceId,
    offered: &ResourceActions,
    waiting: bool,
) -> Option<AnyView> {
    let inventory = offered.inventory.as_ref()?;
    let fields = vec![("resource".to_owned(), id.to_string())];
    let again = (inventory.can_list && !inventory.is_being_taken).then(|| {
        view! {
            <PostButton action="/fn/list_parts" fields=fields kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test="list-parts">
                "List anew"
            </PostButton>
        }
    });
    let taken = match inventory.taken_at {
        Some(at) => view! { <span class="small muted">"As listed " <RelativeTime at=at/></span> }.into_any(),
        None => view! { <span class="small muted">"Not listed yet"</span> }.into_any(),
    };
    let busy = inventory
        .is_being_taken
        .then(|| view! { <Busy label="Asking the backend"/> });
    let error = (!inventory.error.is_empty()).then(|| {
        let error = inventory.error.clone();
        view! { <Banner tone=Tone::Bad title="The backend could not be asked the last time">{error}</Banner> }
    });
    let mut tables = inventory.tables.iter().enumerate();
    let head = view! { {taken} {again} }.into_any();
    let first = tables.next().map(|(_, one)| table(id, one, offered, Some(head)));
    let others: Vec<_> = tables.map(|(_, one)| table(id, one, offered, None)).collect();
    let is_known = inventory.taken_at.is_some();
    let nothing = first.is_none().then(|| {
        let fields = vec![("resource".to_owned(), id.to_string())];
        let words = if is_known {
            "Its backend lists no parts of it."
        } else {
            "Its backend has not told its parts yet."
        };
        let can_list = inventory.can_list && !inventory.is_being_taken;
        let now = can_list.then(|| view! { <PostButton action="/fn/list_parts" fields=fields attr:data-test="list-parts">"List now"</PostButton> });
        view! { <Section title="Parts"><div class="stack">{words} {now}</div></Section> }
    });
    let waiting = waiting || inventory.is_being_taken;
    Some(
        view! {
            <PolledRegion id="parts" waiting=waiting>
                {busy}
                {error}
                {first}
                {others}
                {nothing}
            </PolledRegion>
        }
        .into_any(),
    )
}

fn table(id: ResourceId, one: &InventoryTable, offered: &ResourceActions, head: Option<AnyView>) -> AnyView {
    let doing: Vec<(&OfferedAction, &str)> = offered
        .actions
        .iter()
        .filter(|action| action.why_not.is_empty())
        .flat_map(|action| action.action.choices.iter().map(move |drawn| (action, drawn)))
        .filter(|(_, drawn)| drawn.table == one.code)
        .map(|(action, drawn)| (action, drawn.field.as_str()))
        .collect();
    let mut columns: Vec<Column> = one
        .columns
        .iter()
        .map(|head| Column::text(head.clone()))
        .collect();
    if !doing.is_empty() {
        columns.push(Column::actions());
    }
    let rows = one
        .rows
        .iter()
        .map(|part| row(id, part, &one.columns, &doing))
        .collect_view();
    let body = if one.rows.is_empty() {
        view! { <p class="muted small card-pad">"None."</p> }.into_any()
    } else {
        view! { <DataTable caption=one.title.clone() columns=columns>{rows}</DataTable> }.into_any()
    };
    let cut = one
        .cut
        .then(|| view! { <p class="muted small card-pad">"There are more than are listed here."</p> });
    let head = head.unwrap_or_else(|| ().into_any());
    view! {
        <Section title=one.title.clone() flush=true actions=head>
            {body}
            {cut}
        </Section>
    }
    .into_any()
}

fn row(id: ResourceId, part: &InventoryRow, heads: &[String], doing: &[(&OfferedAction, &str)]) -> AnyView {
    let mut cells = part.cells.iter().zip(heads);
    let main = cells
        .next()
        .map(|(cell, _)| cell.clone())
        .map(|cell| view! { <MainCell>{cell}</MainCell> });
    let others = cells
        .map(|(cell, head)| {
            let (cell, head) = (cell.clone(), head.clone());
            view! { <Cell label=head>{cell}</Cell> }
        })
        .collect_view();
    let links = doing.iter().map(|(action, field)| {
        let href = format!(
            "{}?{}={}",
            routes::resource_action(id, &action.action.key),
            encode(field),
            encode(&part.key)
        );
        let name = part.cells.first().cloned().unwrap_or_default();
        let title = action.action.title.clone();
        view! {
            <LinkButton href=href kind=ButtonKind::Quiet size=ButtonSize::Small>
                {title}
                <span class="visually-hidden">": " {name}</span>
            </LinkButton>
        }
    });
    let links: Vec<_> = links.collect();
    let links = (!links.is_empty()).then(|| view! { <ActionsCell>{links}</ActionsCell> });
    view! { <Row>{main} {others} {links}</Row> }.into_any()
}
