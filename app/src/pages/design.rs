//! Every component in every state, on one page: for those who build pages, and for the eye that checks them.

pub mod buttons;
pub mod charts;
pub mod fields;
pub mod figures;
pub mod foundations;
pub mod marketplace;
pub mod messages;
pub mod progress;
pub mod tables;

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use leptos_meta::Title;
use rust_decimal::Decimal;

use crate::components::*;

/// Served only where it is configured: to others there is no such page.
#[component]
pub fn DesignPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if !crate::ssr::shows().design {
        return view! { <super::not_found::NotFoundPage/> }.into_any();
    }
    view! { <DesignComponents/> }.into_any()
}

/// All of it, whatever the installation shows.
#[component]
pub fn DesignComponents() -> impl IntoView {
    // The examples stand still, so that two pictures of this page can be compared.
    provide_context(PageTime {
        now: noon(),
        zone: "Europe/Tallinn",
        offset_at: |_zone, _at| {
            chrono::FixedOffset::east_opt(7_200).unwrap_or_else(|| chrono::Offset::fix(&Utc))
        },
    });
    view! {
        <Title text="Design"/>
        <Frame data=frame()>
            <PageHeader
                title="Design"
                breadcrumbs=vec![Breadcrumb::to("Marketplace", "/marketplace"), Breadcrumb::here("Design")]
                lead="Everything that pages are made of, each in every state. What is not here is not used."
                state=view! { <StateBadge tone=Tone::Good label="Complete"/> }.into_any()
                actions=head_actions()
            />
            <foundations::Foundations/>
            <buttons::Buttons/>
            <fields::Fields/>
            <tables::Tables/>
            <figures::Figures/>
            <charts::Charts/>
            <progress::ProgressSection/>
            <messages::Messages/>
            <marketplace::Marketplace/>
        </Frame>
    }
}

fn head_actions() -> AnyView {
    view! {
        <LinkButton href="#fields" kind=ButtonKind::Primary icon=Icon::Plus>
            "One primary action"
        </LinkButton>
        <Menu label="More">
            <MenuLink href="#tables" icon=Icon::Pencil>
                "Rename"
            </MenuLink>
            <MenuLink href="#charts" icon=Icon::History>
                "History"
            </MenuLink>
            <MenuRule/>
            <MenuDialog for_id="confirm-end" icon=Icon::Trash danger=true>
                "Terminate"
            </MenuDialog>
        </Menu>
    }
    .into_any()
}

/// 21 November 2026, 12:00 UTC.
fn noon() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_795_262_400)
}

fn ago(minutes: i64) -> DateTime<Utc> {
    noon() - TimeDelta::minutes(minutes)
}

/// An amount given in hundredths: exact, and without parsing.
fn cents(amount: i64) -> Decimal {
    Decimal::new(amount, 2)
}

fn frame() -> FrameData {
    let part = |label: &str, id: &str, icon: Icon| NavLink::to(label, format!("/design#{id}")).icon(icon);
    let parts = vec![
        part("Foundations", "foundations", Icon::Layers)
            .current(true)
            .key("f"),
        part("Buttons and menus", "buttons", Icon::Play),
        part("Fields", "fields", Icon::Pencil),
        part("Tables", "tables", Icon::Table).count(5).key("t"),
        part("Figures", "figures", Icon::Coins),
        part("Charts", "charts", Icon::Chart),
        part("Progress", "progress", Icon::Activity),
        part("Telling", "telling", Icon::Message),
        part("Marketplace", "market", Icon::Shop).key("m"),
    ];
    let context = |kind: &str, label: &str, icon: Icon, current: bool| SidebarContext {
        kind: kind.into(),
        label: label.into(),
        href: "/design".into(),
        icon,
        current,
    };
    FrameData {
        person: Some(FramePerson {
            name: "Mari Õunapuu".into(),
            email: "mari@aurora.example".into(),
            organization: "Aurora Institute".into(),
            links: vec![
                NavLink::to("Your profile", "/profile").icon(Icon::User),
                NavLink::to("SSH keys", "/profile/keys").icon(Icon::Key),
                NavLink::to("API tokens", "/profile/tokens").icon(Icon::Code),
            ],
        }),
        waiting: 3,
        unread: 120,
        query: String::new(),
        sidebar: Sidebar {
            contexts: vec![
                context("Project", "Climate models", Icon::Folder, true),
                context("Organization", "Aurora Institute", Icon::Building, false),
                context("Provider", "Northern HPC Centre", Icon::Server, false),
                context("Everybody", "Marketplace", Icon::Shop, false),
            ],
            sections: vec![
                SidebarSection::new(parts),
                SidebarSection::titled(
                    "Elsewhere",
                    vec![NavLink::to("Start page", "/").icon(Icon::Home).key("h")],
                ),
            ],
        },
        notices: vec![FrameNotice {
            tone: Tone::Waiting,
            text: "Maintenance of the storage system on Sunday from 06:00 to 09:00.".into(),
            href: Some("#telling".into()),
        }],
        flashes: vec![Flash::good(
            "The order was placed. You will hear from us when it is approved.",
        )],
    }
}
