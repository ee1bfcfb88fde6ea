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

/// The part of the list that is looked at, as its forms send it along.
#[derive(Clone)]
struct Part {
    only_unread: bool,
    cursor: String,
}

impl Part {
    fn fields(&self, notice: &Notice) -> Vec<(String, String)> {
        let mut fields = vec![("notice".to_owned(), notice.id.to_string())];
        if self.only_unread {
            fields.push(("unread".to_owned(), "true".to_owned()));
        }
        if !self.cursor.is_empty() {
            fields.push(("cursor".to_owned(), self.cursor.clone()));
        }
        fields
    }
}

fn whole(facts: Notices) -> impl IntoView {
    let Notices {
        page,
        only_unread,
        cursor,
        unread,
        reply,
    } = facts;
    let next = page.next.map(|cursor| routes::notices_from(only_unread, &cursor));
    let filters = vec![
        NavLink::to("All", routes::notices()).current(!only_unread),
        NavLink::to("Unread", routes::notices_from(true, "")).current(only_unread),
    ];
    // On the first page what is newest is seen, so all that is older is meant, on pages to come as well.
    let newest = page.items.first().map(|one| one.id.to_string());
    let mark_all = newest.filter(|_| unread > 0 && cursor.is_empty()).map(|until| {
        let fields = vec![("until".to_owned(), until)];
        view! {
            <PostButton action="/fn/read_notices" fields=fields icon=Icon::Check attr:data-test="read-notices">
                "Mark all as read"
            </PostButton>
        }
    });
    let part = Part { only_unread, cursor };
    let rows = if page.items.is_empty() {
        nothing(only_unread).into_any()
    } else {
        table(page.items, &part).into_any()
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
            "Here you are told of orders that wait for you, of what becomes of yours, of last days, prices and invoices, and of your roles and password."
        </EmptyState>
    }
}

fn table(notices: Vec<Notice>, part: &Part) -> impl IntoView + use<> {
    let rows = notices.into_iter().map(|one| row(one, part)).collect_view();
    let columns = vec![
        Column::text("What happened"),
        Column::text("Where"),
        Column::text("When"),
        Column::actions(),
    ];
    view! {
        <DataTable caption="Notices" columns=columns>
            {rows}
        </DataTable>
    }
}

fn row(one: Notice, part: &Part) -> impl IntoView + use<> {
    let unread = one.read_at.is_none();
    let (title, sub, fields) = (title(&one), sub(&one), part.fields(&one));
    let mark = match (unread, one.waits) {
        (_, true) => Some("Waits"),
        (true, false) => Some("New"),
        (false, false) => None,
    };
    let tone = tone(one.kind);
    let icon = mark.map(|mark| view! { <StateBadge tone=tone label=mark/> }.into_any());
    let icon = icon.unwrap_or_else(|| ().into_any());
    let href = routes::of_notice(&one).filter(|href| can_open(href));
    let name = title.clone();
    let main = match (unread, href) {
        (true, Some(_)) => view! {
            <PostMainCell action="/fn/open_notice" fields=fields.clone() sub=sub icon=icon>{title}</PostMainCell>
        }
        .into_any(),
        (false, Some(href)) => view! { <MainCell href=href sub=sub icon=icon>{title}</MainCell> }.into_any(),
        (_, None) => view! { <MainCell sub=sub icon=icon>{title}</MainCell> }.into_any(),
    };
    let read = unread.then(|| {
        view! {
            <PostButton action="/fn/read_notice" fields=fields kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test="read-notice">
                "Mark as read"
                <span class="visually-hidden">": " {name}</span>
            </PostButton>
        }
    });
    view! {
        <Row muted=!unread && !one.waits>
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

/// Who did it, what was ordered, and what is said beside it.
fn sub(one: &Notice) -> String {
    let parts = [one.by.trim(), one.offering_name.trim(), one.note.trim()];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

fn tone(kind: NoticeKind) -> Tone {
    match kind {
        NoticeKind::ToDo | NoticeKind::Ends | NoticeKind::Prices => Tone::Waiting,
        NoticeKind::Providing | NoticeKind::Webhooks | NoticeKind::Jobs | NoticeKind::Security => Tone::Bad,
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
