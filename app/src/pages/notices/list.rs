use leptos::prelude::*;
use leptos_meta::Title;
use model::{Notice, NoticeKind};

use crate::{
    components::*,
    page::{Area, page},
    routes,
    server_fns::notices::{Notices, load_notices},
};

#[component]
pub fn NoticesPage() -> impl IntoView {
    page(Area::Market, async { Ok(whole(load_notices().await?)) })
}

fn whole(facts: Notices) -> impl IntoView {
    let Notices {
        page,
        only_unread,
        reply,
    } = facts;
    let at = if only_unread {
        format!("{}?unread=true&", routes::notices())
    } else {
        format!("{}?", routes::notices())
    };
    let next = page
        .next
        .map(|cursor| format!("{at}cursor={}", crate::address::encode(&cursor)));
    let filters = vec![
        NavLink::to("All", routes::notices()).current(!only_unread),
        NavLink::to("Unread", format!("{}?unread=true", routes::notices())).current(only_unread),
    ];
    let any_unread = page.items.iter().any(|one| one.read_at.is_none());
    let newest = page.items.first().map(|one| one.id.to_string());
    let mark_all = newest.filter(|_| any_unread).map(|until| {
        let fields = vec![("until".to_owned(), until)];
        view! {
            <PostButton action="/fn/read_notices" fields=fields icon=Icon::Check attr:data-test="read-notices">
                "Mark all as read"
            </PostButton>
        }
    });
    let rows = if page.items.is_empty() {
        nothing(only_unread).into_any()
    } else {
        table(page.items).into_any()
    };
    let settings =
        view! { <LinkButton href=routes::notice_settings() icon=Icon::Settings>"Settings"</LinkButton> }
            .into_any();
    view! {
        <Title text="Notices"/>
        <PageHeader title="Notices" lead="What happened that concerns you, newest first, for 90 days." actions=settings/>
        <ErrorSummary errors=reply.errors() title="Nothing was changed."/>
        <Toolbar>
            <QuickFilters items=filters label="Which notices"/>
            {mark_all}
        </Toolbar>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

fn nothing(only_unread: bool) -> impl IntoView {
    let title = if only_unread {
        "You have read everything"
    } else {
        "Nothing yet"
    };
    view! {
        <EmptyState illustration=Illustration::Inbox title=title>
            "Orders that wait for you, what becomes of yours, ends, prices and invoices are told here."
        </EmptyState>
    }
}

fn table(notices: Vec<Notice>) -> impl IntoView {
    let columns = vec![
        Column::text("What happened"),
        Column::text("Where"),
        Column::text("When"),
        Column::actions(),
    ];
    view! {
        <DataTable caption="Notices" columns=columns>
            {notices.into_iter().map(row).collect_view()}
        </DataTable>
    }
}

fn row(one: Notice) -> impl IntoView {
    let unread = one.read_at.is_none();
    let title = title(&one);
    let sub = sub(&one);
    let mark = move || view! { <StateBadge tone=tone(one.kind) label="New"/> }.into_any();
    let icon = unread.then(mark);
    let href = routes::of_notice(&one).filter(|href| can_open(href));
    let fields = vec![("notice".to_owned(), one.id.to_string())];
    let main = match (unread, href, icon) {
        (true, Some(_), Some(icon)) => view! {
            <PostMainCell action="/fn/open_notice" fields=fields.clone() sub=sub icon=icon>{title}</PostMainCell>
        }
        .into_any(),
        (true, None, Some(icon)) => view! { <MainCell sub=sub icon=icon>{title}</MainCell> }.into_any(),
        (_, Some(href), _) => view! { <MainCell href=href sub=sub>{title}</MainCell> }.into_any(),
        (_, None, _) => view! { <MainCell sub=sub>{title}</MainCell> }.into_any(),
    };
    let read = unread.then(|| {
        view! {
            <PostButton action="/fn/read_notice" fields=fields kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test="read-notice">
                "Mark as read"
            </PostButton>
        }
    });
    view! {
        <Row muted=!unread>
            {main}
            <Cell label="Where">{one.place}</Cell>
            <Cell label="When" nowrap=true><RelativeTime at=one.at/></Cell>
            <ActionsCell>{read}</ActionsCell>
        </Row>
    }
}

/// What happened to what: `Ice model: waits for your decision`.
fn title(one: &Notice) -> String {
    let about_oneself = matches!(one.kind, NoticeKind::Roles | NoticeKind::Security);
    if one.subject_name.is_empty() || about_oneself {
        return one.text.clone();
    }
    format!("{}: {}", one.subject_name, lower_first(&one.text))
}

/// `Waits …` → `waits …`; what begins with more than one capital, such as PDF, stays.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    let is_word = letters.clone().next().is_some_and(char::is_lowercase);
    match first.filter(|_| is_word) {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => text.to_owned(),
    }
}

/// Who did it, and what is said beside it.
fn sub(one: &Notice) -> String {
    let note = one.note.trim();
    if note.is_empty() {
        one.by.clone()
    } else {
        format!("{} · {note}", one.by)
    }
}

fn tone(kind: NoticeKind) -> Tone {
    match kind {
        NoticeKind::ToDo | NoticeKind::Ends | NoticeKind::Prices => Tone::Waiting,
        NoticeKind::Providing | NoticeKind::Webhooks | NoticeKind::Security => Tone::Bad,
        NoticeKind::Orders | NoticeKind::Invoices | NoticeKind::Roles => Tone::Info,
    }
}

#[cfg(test)]
mod tests {
    use super::lower_first;

    #[test]
    fn a_sentence_goes_on_after_a_name() {
        assert_eq!(lower_first("Waits for your decision"), "waits for your decision");
        assert_eq!(lower_first("PDF drawn"), "PDF drawn");
        assert_eq!(lower_first(""), "");
    }
}
