use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::*,
    error::AppError,
    page::{Area, page},
    reply::FormReply,
    server_fns::session::load_own_reply,
};

#[component]
pub fn PasswordPage() -> impl IntoView {
    page(Area::Market, async move {
        let reply = load_own_reply("change_password".to_owned()).await?;
        Ok::<_, AppError>(view! { <PasswordView reply=reply/> })
    })
}

#[component]
fn PasswordView(reply: FormReply) -> impl IntoView {
    view! {
        <Title text="Change your password"/>
        <PageHeader
            title="Change your password"
            breadcrumbs=vec![Breadcrumb::to("Profile", "/profile"), Breadcrumb::here("Password")]
            lead="Everywhere else you are signed out once it is changed; here you stay."
        />
        <Section>
            <Form action="/fn/change_password" label="Change your password">
                <ErrorSummary errors=reply.errors() title="Your password was not changed."/>
                <PasswordField name="current" label="Present password" error=reply.error("current")/>
                <PasswordField
                    name="password"
                    label="New password"
                    help="At least 12 characters. Four or five words that do not belong together are easy to remember and hard to guess."
                    error=reply.error("password")
                    autocomplete="new-password"
                />
                <PasswordField
                    name="again"
                    label="New password again"
                    error=reply.error("again")
                    autocomplete="new-password"
                />
                <FormActions>
                    <SubmitButton busy="Changing…" attr:data-test="change-password">
                        "Change password"
                    </SubmitButton>
                    <LinkButton href="/profile" kind=ButtonKind::Quiet>
                        "Back"
                    </LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
}
