use leptos::prelude::*;
use leptos_meta::Title;
use model::{NoticeKind, NoticeSetting};

use crate::{
    components::*,
    page::{Area, page},
    routes,
    server_fns::notices::{NoticeChoices, load_notice_settings},
};

#[component]
pub fn NoticeSettingsPage() -> impl IntoView {
    page(Area::Market, async { Ok(whole(load_notice_settings().await?)) })
}

fn whole(facts: NoticeChoices) -> impl IntoView {
    let NoticeChoices { settings, reply } = facts;
    let told = settings.iter().filter(|one| one.told || one.always);
    let told: Vec<String> = told.map(|one| one.kind.as_str().to_owned()).collect();
    let shown = settings.iter();
    let shown = shown.map(|one| ("shown".to_owned(), one.kind.as_str().to_owned()));
    let shown: Vec<(String, String)> = shown.collect();
    let choices = settings.into_iter().map(choice).collect();
    let crumbs = vec![
        Breadcrumb::to("Notices", routes::notices()),
        Breadcrumb::here("Settings"),
    ];
    view! {
        <Title text="Settings of notices"/>
        <PageHeader title="Settings of notices" breadcrumbs=crumbs lead="You are told of what others do and of what happens by itself. Of what you do yourself only your password and tokens are told."/>
        <Section>
            <Form action="/fn/save_notice_settings" label="What you are told of">
                <ErrorSummary errors=reply.errors() title="Nothing was saved."/>
                <HiddenFields fields=shown/>
                <CheckboxGroup
                    name="told"
                    legend="Tell me of"
                    choices=choices
                    values=reply.values_or("told", told)
                    help="What you were told already stays in your list."
                    error=reply.error("told")
                    required=true
                />
                <FormActions>
                    <SubmitButton busy="Saving…" attr:data-test="save-notice-settings">
                        "Save"
                    </SubmitButton>
                </FormActions>
            </Form>
        </Section>
    }
}

fn choice(one: NoticeSetting) -> Choice {
    Choice::new(one.kind.as_str(), one.kind.label())
        .hint(hint(one.kind))
        .disabled(one.always)
}

/// Who is told, and when.
fn hint(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::ToDo => {
            "To be decided on or carried out by hand. Marked as read as soon as somebody has."
        }
        NoticeKind::Orders => {
            "Approved, accepted, carried out, rejected, withdrawn by somebody else, failed or expired."
        }
        NoticeKind::Ends => {
            "Of what you ordered, and of projects that you manage: 30, 7 and 1 day before, and when it is over."
        }
        NoticeKind::Prices => {
            "Of what you ordered and of projects that you manage: prices to come, withdrawn and corrected."
        }
        NoticeKind::Invoices => "Issued to an organization whose invoices you may see.",
        NoticeKind::Providing => {
            "Orders that failed, connections that do not work, backends that staff gave you or took away."
        }
        NoticeKind::Webhooks => "Where you manage them.",
        NoticeKind::Jobs => {
            "For those who run the portal: work in the background that failed in all its tries."
        }
        NoticeKind::Roles => "Roles that somebody gave you, took away, or gave another last day.",
        NoticeKind::Security => {
            "Always on, so that an intruder cannot silence it. Programs with your tokens are not told."
        }
    }
}
