use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

use super::field::{FieldParts, FieldShell, FieldWidth};
use crate::components::icon::{Icon, IconView};

#[expect(
    clippy::fn_params_excessive_bools,
    reason = "they are the attributes of an input, written by name"
)]
#[component]
pub fn TextField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional)] readonly: bool,
    #[prop(optional, into)] id: OptionalText,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] placeholder: OptionalText,
    #[prop(optional, into)] autocomplete: OptionalText,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional, into)] pattern: OptionalText,
    #[prop(optional)] width: FieldWidth,
    #[prop(optional, into)] prefix: OptionalText,
    #[prop(optional, into)] suffix: OptionalText,
    #[prop(optional)] mono: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] list: Vec<String>,
) -> impl IntoView {
    let parts = FieldParts::new(&name, id, help, error);
    let list_id = (!list.is_empty()).then(|| format!("{}-list", parts.id));
    let class = if mono { "input input-mono" } else { "input" };
    view! {
        <FieldShell parts=parts.clone() label=label required=required disabled=disabled>
            <div class=width.class()>
                {prefix.map(|text| view! { <span class="affix">{text}</span> })}
                <input
                    type=kind
                    class=class
                    id=parts.id.clone()
                    name=name
                    value=value
                    required=required
                    disabled=disabled
                    readonly=readonly
                    placeholder=placeholder
                    autocomplete=autocomplete
                    maxlength=maxlength
                    pattern=pattern
                    list=list_id.clone()
                    autofocus=autofocus
                    spellcheck=mono.then_some("false")
                    aria-invalid=parts.invalid()
                    aria-describedby=parts.described_by()
                />
                {suffix.map(|text| view! { <span class="affix">{text}</span> })}
            </div>
            {list_id
                .map(|id| {
                    let options = list.into_iter().map(|value| view! { <option value=value></option> }).collect_view();
                    view! { <datalist id=id>{options}</datalist> }
                })}
        </FieldShell>
    }
    .into_any()
}

#[component]
pub fn PasswordField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(default = true)] required: bool,
    #[prop(optional, into)] id: OptionalText,
    #[prop(default = "current-password".to_string(), into)] autocomplete: String,
    #[prop(optional)] minlength: Option<u32>,
) -> impl IntoView {
    let parts = FieldParts::new(&name, id, help, error);
    view! {
        <FieldShell parts=parts.clone() label=label required=required>
            <div class="field-box">
                <input
                    type="password"
                    class="input"
                    id=parts.id.clone()
                    name=name
                    required=required
                    autocomplete=autocomplete
                    minlength=minlength
                    maxlength="1024"
                    aria-invalid=parts.invalid()
                    aria-describedby=parts.described_by()
                />
                <button type="button" class="affix affix-button js-only" data-reveal="" aria-label="Show the password" aria-pressed="false">
                    <IconView icon=Icon::Eye/>
                </button>
            </div>
        </FieldShell>
    }
    .into_any()
}

#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: OptionalText,
    #[prop(default = 5)] rows: u32,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional, into)] placeholder: OptionalText,
    #[prop(optional)] mono: bool,
) -> impl IntoView {
    let parts = FieldParts::new(&name, id, help, error);
    view! {
        <FieldShell parts=parts.clone() label=label required=required disabled=disabled>
            <textarea
                class=if mono { "input input-mono" } else { "input" }
                id=parts.id.clone()
                name=name
                rows=rows
                required=required
                disabled=disabled
                maxlength=maxlength
                placeholder=placeholder
                spellcheck=mono.then_some("false")
                data-counted=maxlength.map(|_| "")
                aria-invalid=parts.invalid()
                aria-describedby=parts.described_by()
                inner_html=text_area_content(&value)
            ></textarea>
            {maxlength.map(|_| view! { <p class="field-count js-only" data-count="" aria-hidden="true"></p> })}
        </FieldShell>
    }
    .into_any()
}

/// The text as it stands between the tags of a text area, where the framework would write it as it is. Browsers leave out a
/// line end that comes first, so one that belongs to the text needs another before it.
fn text_area_content(text: &str) -> String {
    let first = if text.starts_with('\n') { "\n" } else { "" };
    format!("{first}{}", html_escape::encode_text(text))
}

/// A text area for Markdown, with a reminder of how to write it.
#[component]
pub fn MarkdownField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(default = 10)] rows: u32,
    #[prop(default = 20_000)] maxlength: u32,
) -> impl IntoView {
    let help = help.0.unwrap_or_default();
    let help =
        format!("{help} Format with Markdown: # heading, **bold**, - list, `code`, [text](https://…).");
    view! {
        <TextArea name=name label=label value=value help=help.trim().to_string() error=error required=required rows=rows maxlength=maxlength/>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::text_area_content;

    #[test]
    fn what_stands_in_a_text_area_is_text() {
        assert_eq!(
            text_area_content("T</textarea><i>"),
            "T&lt;/textarea&gt;&lt;i&gt;"
        );
        assert_eq!(text_area_content("\n&"), "\n\n&amp;");
        assert_eq!(text_area_content(""), "");
    }
}
