use leptos::prelude::*;

use super::{ago, cents};
use crate::components::*;

struct Line {
    name: &'static str,
    project: &'static str,
    tone: Tone,
    state: &'static str,
    cost: i64,
    minutes: i64,
}

const LINES: [Line; 5] = [
    Line {
        name: "Ocean ensemble",
        project: "Climate models",
        tone: Tone::Good,
        state: "Running",
        cost: 122_488,
        minutes: 4,
    },
    Line {
        name: "GPU cluster",
        project: "Proteins",
        tone: Tone::Waiting,
        state: "Waits for approval",
        cost: 49_000,
        minutes: 90,
    },
    Line {
        name: "Archive 2019–2024",
        project: "Climate models",
        tone: Tone::Info,
        state: "Executing",
        cost: 3_650,
        minutes: 1_500,
    },
    Line {
        name: "Notebook for teaching",
        project: "Summer school",
        tone: Tone::Bad,
        state: "Failed",
        cost: 0,
        minutes: 4_400,
    },
    Line {
        name: "Test machine",
        project: "Ocean",
        tone: Tone::Ended,
        state: "Terminated",
        cost: 1_200,
        minutes: 90_000,
    },
];

#[component]
pub fn Tables() -> impl IntoView {
    let end = view! { <ExportMenu csv="#tables" xlsx="#tables" pdf="#tables"/> };
    view! {
        <Section title="Tables" id="tables" plain=true lead="Cards on a phone; the whole row is its link; numbers stand right.">
            <Toolbar end=end.into_any()>
                <FilterForm action="/design">
                    <SearchField label="Find a resource" placeholder="Name or project"/>
                    <QuickFilters label="Open or all" items=vec![NavLink::to("Open", "#tables").current(true), NavLink::to("All", "#tables")]/>
                </FilterForm>
            </Toolbar>
            <FilterChips chips=vec![("State: running".into(), "#tables".into()), ("Provider: Northern HPC Centre".into(), "#tables".into())] clear="#tables"/>
            <form class="card" method="post" action="/fn/nothing">
                <DataTable
                    caption="Resources"
                    select="Select all".to_string()
                    sort=Sort::new("changed", true, "/design?")
                    columns=vec![
                        Column::text("Resource").sort("name"),
                        Column::text("State"),
                        Column::text("Changed").sort("changed"),
                        Column::number("This month").sort("cost"),
                        Column::actions(),
                    ]
                    foot=view! {
                        <FootRow>
                            <td class="cell-select"></td>
                            <th scope="row" class="cell-main">"Sum"</th>
                            <td></td>
                            <td></td>
                            <Cell num=true label="This month"><Money amount=cents(176_338) currency="EUR"/></Cell>
                            <td></td>
                        </FootRow>
                    }.into_any()
                >
                    {LINES.into_iter().map(line).collect_view()}
                </DataTable>
                <BulkBar>
                    <SubmitButton size=ButtonSize::Small kind=ButtonKind::Secondary>"Approve"</SubmitButton>
                    <SubmitButton size=ButtonSize::Small kind=ButtonKind::Danger>"Reject"</SubmitButton>
                </BulkBar>
            </form>
            <Section flush=true>
                <DataTable caption="Rows that are opened by a button" columns=vec![Column::text("What happened"), Column::text("When")]>
                    <Row>
                        <PostMainCell
                            action="/fn/nothing"
                            fields=vec![("notice".to_owned(), "1".to_owned())]
                            sub="Mari Õunapuu"
                            icon=view! { <StateBadge tone=Tone::Waiting label="New"/> }.into_any()
                        >
                            "GPU cluster: waits for your decision"
                        </PostMainCell>
                        <Cell label="When"><RelativeTime at=ago(90)/></Cell>
                    </Row>
                </DataTable>
            </Section>
            <Pagination page=5 pages=12 total=291 base="/design?" noun="resources"/>
            <CursorPages next="#tables".to_string() summary="50 events, the latest first"/>
            <Section flush=true>
                <EmptyState title="No resources yet" actions=view! { <LinkButton href="/marketplace" kind=ButtonKind::Primary>"Browse the marketplace"</LinkButton> }.into_any()>
                    "What you order appears here, with its state, what it uses and what it costs."
                </EmptyState>
            </Section>
        </Section>
    }
}

fn line(line: Line) -> impl IntoView {
    view! {
        <Row select=("resource".to_string(), line.name.to_string()) select_label=line.name muted=line.tone == Tone::Ended>
            <MainCell href="#tables" sub=line.project.to_string()>
                {line.name}
            </MainCell>
            <Cell label="State">
                <StateBadge tone=line.tone label=line.state/>
            </Cell>
            <Cell label="Changed">
                <RelativeTime at=ago(line.minutes)/>
            </Cell>
            <Cell label="This month" num=true>
                <Money amount=cents(line.cost) currency="EUR"/>
            </Cell>
            <ActionsCell>
                <Menu label=format!("Actions for {}", line.name) icon_only=true kind=ButtonKind::Quiet size=ButtonSize::Small>
                    <MenuLink href="#tables" icon=Icon::Sliders>
                        "Change limits"
                    </MenuLink>
                    <MenuForm action="/fn/nothing" label="Pause" icon=Icon::Pause/>
                </Menu>
            </ActionsCell>
        </Row>
    }
}
