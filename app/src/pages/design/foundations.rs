use leptos::prelude::*;

use crate::components::*;

#[component]
pub fn Foundations() -> impl IntoView {
    view! {
        <Section title="Foundations" id="foundations" lead="Type, tones, tints and icons.">
            <div class="stack-sm">
                <h1>"Heading of a page, 26 px"</h1>
                <h2>"Heading of a section, 18 px"</h2>
                <h3>"Heading of a part, 16 px"</h3>
                <p>"Text is 16 px. It carries " <a href="#foundations">"links"</a> ", " <strong>"weight"</strong> ", " <code>"code"</code> " and keys such as " <kbd>"Ctrl"</kbd> " " <kbd>"K"</kbd> "."</p>
                <p class="muted">"Muted text says what is true but not urgent. Õ ä ö ü š ž ß € № Žukov."</p>
                <p class="small subtle">"Small and subtle: 13 px, for notes below other things."</p>
                <p class="eyebrow">"Eyebrow"</p>
                <p class="num">"0123456789 · 1,111.11 · 8,888.88 are equally wide"</p>
            </div>
            <div class="cluster">{Tone::ALL.map(|tone| view! { <StateBadge tone=tone label=tone_name(tone)/> }).collect_view()}</div>
            <div class="cluster">
                {Tone::ALL.map(|tone| view! { <Badge tone=tone>{tone_name(tone)}</Badge> }).collect_view()}
                <CountBadge count=7/>
                <CountBadge count=1200 tone=Tone::Bad/>
            </div>
            <div class="cluster">
                {["Mari Õunapuu", "Jaan Tamm", "Giulia De Santis", "Žan Novak"]
                    .map(|name| view! { <Avatar name=name size=36/> })
                    .into_iter()
                    .collect_view()}
            </div>
            <div class="grid grid-cols-2 sm:grid-cols-4 gap-3">
                {Tint::ALL
                    .map(|tint| {
                        view! {
                            <div class=format!("tile-image {}", tint.class())>
                                <PatternImage seed=tint.class() tint=tint/>
                            </div>
                        }
                    })
                    .into_iter()
                    .collect_view()}
            </div>
            <ul class="cluster muted">
                {Icon::ALL.iter().map(|(icon, name)| view! { <li title=*name><IconView icon=*icon size=20/></li> }).collect_view()}
            </ul>
        </Section>
    }
}

fn tone_name(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "Draft",
        Tone::Info => "Executing",
        Tone::Good => "Running",
        Tone::Waiting => "Waits for approval",
        Tone::Bad => "Failed",
        Tone::Ended => "Terminated",
    }
}
