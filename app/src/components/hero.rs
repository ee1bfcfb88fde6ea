//! The opening of a start page: what the portal is, and the two things one does first, before the hall it is named after.

use leptos::prelude::*;

use super::optional_text::OptionalText;

/// Columns that recede: pale roof and floor, the columns, and their shaded sides.
const HALL: &str = "<path opacity='.07' d='M0 0H640V146L0 14.7zM0 241.6L640 150V240H0z'/><path opacity='.16' d='M0 14.7L640 146V150L0 30.7zM0 241.6L640 150V154L0 255.6z'/><path opacity='.3' d='M23.2 32h33.6L60 228H20zM205.6 66.9h23.7L231.5 204.9H203.4zM304.8 85.9h18.3L324.8 192.4H303zM367.1 97.8h14.9L383.4 184.5H365.7zM409.9 106h12.5L423.6 179.1H408.7zM441 111.9h10.8L452.9 175.2H440zM464.8 116.5h9.5L475.2 172.2H463.9zM483.5 120.1h8.5L492.8 169.8H482.6zM498.5 122.9h7.7L507 167.9H497.8zM511 125.3h7L518.7 166.3H510.3zM521.4 127.3h6.5L528.5 165H520.8z'/><path opacity='.3' d='M43.2 32h13.6L60 228H44zM219.7 66.9h9.6L231.5 204.9H220.3zM315.7 85.9h7.4L324.8 192.4H316.1zM375.9 97.8h6L383.4 184.5H376.3zM417.3 106h5.1L423.6 179.1H417.6zM447.5 111.9h4.4L452.9 175.2H447.7zM470.5 116.5h3.9L475.2 172.2H470.7zM488.5 120.1h3.5L492.8 169.8H488.7zM503.1 122.9h3.1L507 167.9H503.3zM515.1 125.3h2.8L518.7 166.3H515.3zM525.2 127.3h2.6L528.5 165H525.4z'/><path opacity='.5' d='M12 23h56v9h-56zM12 228h56v8h-56zM197.7 60.6h39.4v6.3h-39.4zM197.7 204.9h39.4v5.6h-39.4zM298.7 81h30.4v4.9h-30.4zM298.7 192.4h30.4v4.3h-30.4zM362.1 93.8h24.8v4h-24.8zM362.1 184.5h24.8v3.5h-24.8zM405.7 102.6h20.9v3.4h-20.9zM405.7 179.1h20.9v3h-20.9zM437.4 109h18.1v2.9h-18.1zM437.4 175.2h18.1v2.6h-18.1zM461.6 113.9h15.9v2.6h-15.9zM461.6 172.2h15.9v2.3h-15.9zM480.6 117.8h14.2v2.3h-14.2zM480.6 169.8h14.2v2h-14.2zM496 120.9h12.8v2.1h-12.8zM496 167.9h12.8v1.8h-12.8zM508.6 123.4h11.7v1.9h-11.7zM508.6 166.3h11.7v1.7h-11.7zM519.2 125.6h10.8v1.7h-10.8zM519.2 165h10.8v1.5h-10.8z'/>";

#[component]
pub fn Hero(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: OptionalText,
    /// The title is the page's main heading; not where a hero is only shown as an example.
    #[prop(default = true)]
    main: bool,
    children: Children,
) -> impl IntoView {
    let title = if main {
        view! { <h1 class="hero-title">{title}</h1> }.into_any()
    } else {
        view! { <h3 class="hero-title">{title}</h3> }.into_any()
    };
    view! {
        <div class="hero">
            <svg class="hero-image" viewBox="0 0 640 240" preserveAspectRatio="xMinYMid slice" fill="currentColor" aria-hidden="true" inner_html=HALL></svg>
            {title}
            {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
            {children()}
        </div>
    }
    .into_any()
}
