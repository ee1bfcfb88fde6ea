use leptos::prelude::*;

use model::{Kind, Problem};

use crate::{components::*, form::FormFields, reply::FormReply};

const PROSE: &str = "<h2>HPC allocation</h2><p>Time on <strong>Aegir</strong>, a cluster of 120 nodes. You get an account and a share; jobs run under <code>sbatch</code>.</p><ul><li>128 cores and 512 GB per node</li><li>16 nodes with four GPUs</li></ul><blockquote>Storage is kept for 30 days after the end.</blockquote><pre><code>sbatch --account=climate job.sh</code></pre><table><thead><tr><th>Queue</th><th>Longest job</th></tr></thead><tbody><tr><td>short</td><td>2 hours</td></tr><tr><td>long</td><td>7 days</td></tr></tbody></table>";

#[component]
pub fn Messages() -> impl IntoView {
    view! {
        <Section title="Telling" id="telling" plain=true lead="Messages, empty and refused pages, what providers write.">
            <Banner tone=Tone::Info title="Prices change on 1 December">"Your plan keeps its price until the end of its term."</Banner>
            <Banner tone=Tone::Good dismiss=true>"Saved."</Banner>
            <Banner tone=Tone::Waiting title="This order waits for your organization's owner" actions=view! { <Button size=ButtonSize::Small>"Remind them"</Button> }.into_any()>
                "Giulia De Santis was asked 2 hours ago."
            </Banner>
            <Banner tone=Tone::Ended title="This project is archived">"It can be looked at, not changed."</Banner>
            <Failed trace="7f3c19a2b8".to_string() retry="#telling".to_string()>
                "Usage could not be read just now. Nothing was lost; try again in a minute."
            </Failed>
            <div class="tiles">
                {Illustration::ALL
                    .map(|illustration| {
                        view! {
                            <Card pad=false>
                                <EmptyState illustration=illustration title="Nothing here yet">"It says what this is and what to do next."</EmptyState>
                            </Card>
                        }
                    })
                    .collect_view()}
            </div>
            <Card pad=false>
                <NewProjectLinks places=ProjectPlaces { organizations: vec![("Põhjala".into(), "#telling".into())], has_project: false }/>
                <Refused title="You may not see this project's invoices" actions=view! { <LinkButton href="#telling">"Ask for access"</LinkButton> }.into_any()>
                    "Owners and billing readers of Aurora Institute can: Giulia De Santis, Jaan Tamm."
                </Refused>
            </Card>
            <Conflict stored=texts("Ten nodes in Tallinn.") reply=changed_meanwhile()/>
            <Card>
                <Markdown html=PROSE/>
                <Disclosure summary="Terms of service, version 3">
                    <p class="small muted">"What was agreed, as it was on the day of the order."</p>
                </Disclosure>
            </Card>
        </Section>
    }
}

fn texts(summary: &str) -> FormFields {
    [("summary".to_owned(), summary.to_owned())].into_iter().collect()
}

fn changed_meanwhile() -> FormReply {
    FormReply {
        fields: texts("Twelve nodes in Tartu."),
        problem: Some(Problem::plain(
            Kind::Conflict,
            "changed_meanwhile",
            "Somebody changed this while you were editing.",
        )),
    }
}
