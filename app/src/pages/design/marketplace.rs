use leptos::prelude::*;

use super::cents;
use crate::components::*;

const OFFERINGS: [(&str, &str, &str, Tint, i64); 6] = [
    (
        "HPC allocation",
        "Northern HPC Centre",
        "Core and GPU hours on Aegir, a cluster of 120 nodes, for research projects.",
        Tint::Aegean,
        4_000,
    ),
    (
        "Virtual machine",
        "Cirrus Cloud",
        "Machines from 1 to 64 cores with snapshots and a console in the browser.",
        Tint::Teal,
        720,
    ),
    (
        "Object storage",
        "Cirrus Cloud",
        "S3-compatible storage in three places, paid by what you keep.",
        Tint::Olive,
        350,
    ),
    (
        "JupyterHub for teaching",
        "Northern HPC Centre",
        "Notebooks for a class, ready in a minute, with your own image.",
        Tint::Plum,
        9_900,
    ),
    (
        "Managed PostgreSQL",
        "Cirrus Cloud",
        "Databases with daily backups and point-in-time recovery.",
        Tint::Terracotta,
        2_450,
    ),
    (
        "Data stewardship",
        "Borealis Library",
        "A person who helps you plan, describe and publish your data.",
        Tint::Ochre,
        15_000,
    ),
];

#[component]
pub fn Marketplace() -> impl IntoView {
    view! {
        <Section title="Marketplace" id="market" plain=true>
            <Hero main=false title="Research and cloud services, ordered in one place" lead="Compare what your providers offer, see the price before you order, and follow what you use and what it costs.">
                <div class="cluster">
                <LinkButton href="#market" kind=ButtonKind::Primary size=ButtonSize::Large>"Browse the marketplace"</LinkButton>
                <LinkButton href="#market" size=ButtonSize::Large>"Sign in"</LinkButton>
                </div>
            </Hero>
            <div class="tiles-small">
                <CategoryTile href="#market" name="High-performance computing" count=8 icon=Icon::Cpu tint=Tint::Aegean/>
                <CategoryTile href="#market" name="Virtual machines" count=12 icon=Icon::Server tint=Tint::Teal/>
                <CategoryTile href="#market" name="Storage" count=1 icon=Icon::HardDrive tint=Tint::Olive/>
                <CategoryTile href="#market" name="Services by people" count=0 icon=Icon::Users tint=Tint::Ochre/>
            </div>
            <div class="tiles">{OFFERINGS.into_iter().map(tile).collect_view()}</div>
            <div class="tiles">
                <Card>
                    <Facets groups=groups()/>
                </Card>
                <Card>
                    <Checklist items=vec![
                        ChecklistItem { label: "Name and description".into(), done: true, ..ChecklistItem::default() },
                        ChecklistItem { label: "Connection to the backend tested".into(), done: true, note: Some("3 minutes ago".into()), ..ChecklistItem::default() },
                        ChecklistItem { label: "At least one public plan".into(), href: Some("#market".into()), note: Some("A plan without a price does not count.".into()), ..ChecklistItem::default() },
                    ]/>
                </Card>
            </div>
            <CompareTable
                caption="Comparison"
                columns=vec![view! { "HPC allocation" }.into_any(), view! { "Virtual machine" }.into_any()]
                rows=vec![
                    ("Provider".into(), vec!["Northern HPC Centre".into_any(), "Cirrus Cloud".into_any()]),
                    ("GPUs".into(), vec!["4 per node".into_any(), "none".into_any()]),
                    ("From".into(), vec![money(4_000), money(720)]),
                ]
            />
        </Section>
    }
}

fn money(amount: i64) -> AnyView {
    view! { <Money amount=cents(amount) currency="EUR" per="month".to_string()/> }.into_any()
}

fn tile(
    (name, provider, summary, tint, price): (&'static str, &'static str, &'static str, Tint, i64),
) -> impl IntoView {
    let price = view! { <Money amount=cents(price) currency="EUR" per="month".to_string() strong=true/> };
    view! {
        <OfferingTile
            href="#market"
            name=name
            provider=provider
            summary=summary
            seed=name
            tint=tint
            price=price.into_any()
            compare=("compare".to_string(), name.to_string(), false)
        />
    }
}

fn groups() -> Vec<FacetGroup> {
    let options = vec![
        Choice::new("north", "Northern HPC Centre").count(9),
        Choice::new("cirrus", "Cirrus Cloud").count(14),
        Choice::new("borealis", "Borealis Library").count(2),
    ];
    let gpu = vec![
        Choice::new("yes", "With GPUs").count(3),
        Choice::new("no", "Without").count(22),
    ];
    vec![
        FacetGroup {
            name: "provider".into(),
            label: "Provider".into(),
            options,
            selected: vec!["cirrus".into()],
            open: true,
        },
        FacetGroup {
            name: "gpu".into(),
            label: "GPUs".into(),
            options: gpu,
            ..FacetGroup::default()
        },
    ]
}
