use leptos::prelude::*;

/// Things side by side: their heads on top, one attribute per line. Scrolls sideways with the first column held.
#[component]
pub fn CompareTable(
    #[prop(into)] caption: String,
    columns: Vec<AnyView>,
    rows: Vec<(String, Vec<AnyView>)>,
) -> impl IntoView {
    let heads = columns
        .into_iter()
        .map(|head| view! { <th scope="col">{head}</th> })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|(label, cells)| {
            let cells = cells
                .into_iter()
                .map(|cell| view! { <td>{cell}</td> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="card compare" tabindex="0" role="region" aria-label=caption.clone()>
            <table>
                <caption class="visually-hidden">{caption.clone()}</caption>
                <thead>
                    <tr>
                        <td></td>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
