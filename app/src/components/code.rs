//! What people copy: ids, addresses, commands.

use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::icon::{Icon, IconView};

#[component]
pub fn CopyButton(#[prop(into)] value: String, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <button type="button" class="copy-button js-only" data-copy=value aria-label=format!("Copy {label}") title="Copy">
            <IconView icon=Icon::Copy size=14/>
        </button>
    }
    .into_any()
}

/// An id in monospace with its copy button; `short` shows only the end, which tells UUIDv7s apart.
#[component]
pub fn CopyId(
    #[prop(into)] value: String,
    #[prop(default = "id".to_string(), into)] label: String,
    #[prop(optional)] short: bool,
) -> impl IntoView {
    let shown = if short { id_suffix(&value) } else { value.clone() };
    view! {
        <span class="copy">
            <span class="mono clip" title=short.then(|| value.clone())>
                {shown}
            </span>
            <CopyButton value=value label=label/>
        </span>
    }
    .into_any()
}

fn id_suffix(value: &str) -> String {
    let count = value.chars().count();
    if count <= 10 {
        value.to_string()
    } else {
        format!("…{}", value.chars().skip(count - 8).collect::<String>())
    }
}

#[component]
pub fn CodeBlock(
    #[prop(into)] code: String,
    #[prop(optional, into)] label: OptionalText,
    #[prop(default = true)] copy: bool,
) -> impl IntoView {
    let name = label.clone().0.unwrap_or_else(|| "this".into());
    view! {
        <figure class="code-block">
            {label.map(|label| view! { <figcaption>{label}</figcaption> })}
            <pre tabindex="0"><code>{code.clone()}</code></pre>
            {copy.then(|| view! { <CopyButton value=code label=name/> })}
        </figure>
    }
    .into_any()
}

/// HTML that the server rendered from Markdown and cleaned. Never pass anything else.
#[component]
pub fn Markdown(#[prop(into)] html: String) -> impl IntoView {
    view! { <div class="prose" inner_html=html></div> }.into_any()
}

#[component]
pub fn Disclosure(
    #[prop(into)] summary: String,
    children: Children,
    #[prop(optional)] open: bool,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary>
                <IconView icon=Icon::ChevronRight/>
                {summary}
            </summary>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::id_suffix;

    #[test]
    fn short_ids_keep_the_end_that_tells_them_apart() {
        assert_eq!(id_suffix("01939f2e-1111-7000-8000-0123456789ab"), "…456789ab");
        assert_eq!(id_suffix("abc"), "abc");
    }
}
