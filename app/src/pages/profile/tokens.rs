use leptos::prelude::*;
use leptos_meta::Title;
use model::{TokenScope, TokenSummary};

use crate::{
    components::*,
    page::{Area, page},
    reply::FormReply,
    routes,
    server_fns::profile::{Tokens, load_tokens},
};

#[component]
pub fn TokensPage() -> impl IntoView {
    page(Area::Market, async { Ok(whole(load_tokens().await?)) })
}

fn whole(facts: Tokens) -> impl IntoView {
    let Tokens {
        tokens,
        secret,
        may_create,
        any_works,
        reply,
        address,
    } = facts;
    let end_all = any_works.then(|| {
        view! {
            <DialogButton for_id="revoke-all" kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test="revoke-all-tokens">
                "Revoke all"
            </DialogButton>
            <ConfirmDialog id="revoke-all" title="Revoke all tokens?" action="/fn/revoke_all_tokens" confirm="Revoke all" danger=true>
                "Every program that acts for you stops at once. A revoked token never works again."
            </ConfirmDialog>
        }
        .into_any()
    });
    let form = if may_create {
        view! { <NewToken reply=reply/> }.into_any()
    } else {
        view! { <ConfirmPassword reply=reply/> }.into_any()
    };
    let secret = secret.map(|secret| view! { <Secret secret=secret address=address/> });
    let list = if tokens.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Key title="No tokens yet" compact=true>
                "A token lets a program act for you, within what you allow it and for as long as you say."
            </EmptyState>
        }
        .into_any()
    } else {
        table(tokens).into_any()
    };
    view! {
        <Title text="API tokens"/>
        <PageHeader
            title="API tokens"
            breadcrumbs=vec![Breadcrumb::to("Profile", "/profile"), Breadcrumb::here("API tokens")]
            lead="For programs that act for you."
            actions=view! { <LinkButton href="/api" icon=Icon::Code>"API reference"</LinkButton> }.into_any()
        />
        {secret}
        <Section title="Your tokens" flush=true>{list}</Section>
        {end_all}
        <Section title="New token">{form}</Section>
    }
}

/// The secret, this once.
#[component]
fn Secret(secret: String, address: String) -> impl IntoView {
    let example = format!("curl -H \"Authorization: Bearer {secret}\" {address}/me");
    view! {
        <Banner tone=Tone::Good title="Copy your token now">
            <p>"It is shown this once. Keep it like a password."</p>
            <div data-test="token-secret">
                <CodeBlock code=secret label="Token"/>
            </div>
            <CodeBlock code=example label="Try it"/>
        </Banner>
    }
}

fn table(tokens: Vec<TokenSummary>) -> impl IntoView {
    let columns = vec![
        Column::text("Token"),
        Column::text("May"),
        Column::text("Last used"),
        Column::text("Ends"),
        Column::actions(),
    ];
    view! {
        <DataTable caption="Your tokens" columns=columns>
            {tokens.into_iter().map(row).collect_view()}
        </DataTable>
    }
}

fn row(one: TokenSummary) -> impl IntoView {
    let scopes: Vec<&str> = one.scopes.iter().map(|scope| scope.label()).collect();
    let last = match one.last_used_at {
        Some(at) => view! { <RelativeTime at=at/> }.into_any(),
        None => "Never".into_any(),
    };
    let revoked = one.revoked_at.is_some();
    let end = if revoked {
        view! { <StateBadge tone=Tone::Ended label="Revoked"/> }.into_any()
    } else {
        view! { <DateText at=one.expires_at/> }.into_any()
    };
    let revoke = (!revoked).then(|| {
        let fields = vec![("token".to_owned(), one.id.to_string())];
        let dialog = format!("revoke-{}", one.id);
        let title = format!("Revoke “{}”?", one.name);
        view! {
            <DialogButton for_id=dialog.clone() kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test="revoke-token">
                "Revoke"
            </DialogButton>
            <ConfirmDialog id=dialog title=title action="/fn/revoke_token" confirm="Revoke" danger=true fields=fields>
                "Programs that use it stop at once. A revoked token never works again."
            </ConfirmDialog>
        }
    });
    view! {
        <Row muted=revoked>
            <MainCell sub=format!("{}…", one.prefix)>{one.name}</MainCell>
            <Cell label="May">{scopes.join(", ")}</Cell>
            <Cell label="Last used">{last}</Cell>
            <Cell label="Ends">{end}</Cell>
            <ActionsCell>{revoke}</ActionsCell>
        </Row>
    }
}

/// What a scope is for.
fn hint(scope: TokenScope) -> &'static str {
    match scope {
        TokenScope::Read => "See what you may see.",
        TokenScope::Order => "Place, change and withdraw orders; make and change projects.",
        TokenScope::Approve => "Decide on orders as you may.",
        TokenScope::Provide => "Prepare offerings, carry out orders, report usage.",
        TokenScope::Operate => "Change people and organizations, close months, manage jobs.",
    }
}

/// Asked where the password was typed some time ago.
#[component]
fn ConfirmPassword(reply: FormReply) -> impl IntoView {
    view! {
        <Form action="/fn/confirm_password" label="Your password again">
            <ErrorSummary errors=reply.errors() title="You cannot make a token yet."/>
            <HiddenField name="next" value=routes::tokens()/>
            <PasswordField
                name="password"
                label="Your password"
                help="A token lets somebody in as you. So we ask for your password again before you make one."
                error=reply.error("password")
            />
            <FormActions>
                <SubmitButton busy="Looking…" attr:data-test="confirm-password">
                    "Go on"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}

#[component]
fn NewToken(reply: FormReply) -> impl IntoView {
    let scopes: Vec<Choice> = TokenScope::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), one.label()).hint(hint(*one)))
        .collect();
    view! {
        <Form action="/fn/create_token" label="New token">
            <ErrorSummary errors=reply.errors() title="The token was not created."/>
            <TextField
                name="name"
                label="Name"
                value=reply.value_or("name", "")
                help="What it is for: nightly report."
                error=reply.error("name")
                maxlength=100
                width=FieldWidth::Half
                required=true
            />
            <CheckboxGroup
                name="scopes"
                legend="It may"
                choices=scopes
                values=reply.values_or("scopes", vec!["read".to_owned()])
                help="Never more than you may yourself."
                error=reply.error("scopes")
                required=true
            />
            <NumberField
                name="days"
                label="It works for"
                unit="days"
                value=reply.value_or("days", "90")
                min="1"
                max=model::LONGEST_TOKEN_DAYS.to_string()
                error=reply.error("days")
                required=true
            />
            <FormActions>
                <SubmitButton busy="Creating…" attr:data-test="create-token">
                    "Create token"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
