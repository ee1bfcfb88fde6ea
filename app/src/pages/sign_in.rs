//! The sign-in form.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::*, error::AppError, page::page_without_frame, reply::FormReply, routes,
    server_fns::session::load_reply,
};

#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let next = query.read().get("next").unwrap_or_default();
    let not_sent = query.read().get(routes::NOT_SENT).is_some();
    page_without_frame("Sign in", async move {
        let reply = load_reply("sign_in".to_owned()).await?;
        Ok::<_, AppError>(view! { <SignInForm reply=reply next=routes::local(&next) not_sent=not_sent/> })
    })
}

#[component]
fn SignInForm(reply: FormReply, next: String, not_sent: bool) -> impl IntoView {
    let email = reply.value_or("email", "");
    view! {
        <Title text="Sign in"/>
        <CentredFrame title="Sign in" lead="Order services, see what you use and what it costs.">
            {not_sent
                .then(|| {
                    view! {
                        <Banner tone=Tone::Bad>
                            "You were not signed in, so nothing was done. Sign in and send the form again."
                        </Banner>
                    }
                })}
            <Form action="/fn/sign_in" guard=false label="Sign in">
                <ErrorSummary errors=reply.errors() title="You are not signed in yet."/>
                <HiddenField name="next" value=next/>
                <TextField
                    name="email"
                    label="E-mail"
                    kind="email"
                    value=email
                    error=reply.error("email")
                    autocomplete="username"
                    required=true
                    autofocus=true
                />
                <PasswordField name="password" label="Password" error=reply.error("password")/>
                <SubmitButton full=true busy="Signing in…" attr:data-test="sign-in">
                    "Sign in"
                </SubmitButton>
            </Form>
            <p class="small muted">
                "No account yet? Ask the people who run this portal for one. You can "
                <a href="/marketplace">"look around the marketplace"</a> " without one."
            </p>
        </CentredFrame>
    }
}
