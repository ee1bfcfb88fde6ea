//! Every form as it is posted. What becomes of it is the status of the page that it leads to; 302 where that is the one to sign
//! in and send it again. Whoever is refused must leave nothing behind, so that a page that is refused hides no change.

mod cases;

use std::collections::BTreeSet;

use app::{routes, ssr::forms};
use chrono::TimeDelta;
use domain::{Actor, Clock};
use entity::{audit_event, job};
use model::{Field, FieldKind, Schema, Scope, TokenScope};
use sea_orm::{EntityTrait, PaginatorTrait};
use testkit::{Engine, run};

use self::cases::{Case, New, cases};
use super::{
    Parts, Things, another_backend, another_grant, another_rule, another_webhook, browsers, callers, table,
    things,
};
use crate::{api::Browser, portal::Portal};

/// Wrong passwords are written down.
const WRITTEN_DOWN: [&str; 3] = ["sign_in", "confirm_password", "change_password"];

/// What the forms are about.
struct About {
    things: Things,
    parts: Parts,
    /// Owns an organization alone.
    lone_owner: String,
    /// A token of somebody who never calls.
    token: String,
}

async fn about(portal: &Portal) -> About {
    let things = things(portal).await;
    let (world, manager) = (&portal.world, &things.provider.manager);
    let (catalogue, offering) = (world.domain().catalogue(), things.offering.id);
    let revision = catalogue
        .offering(Some(manager), &offering.to_string())
        .await
        .unwrap()
        .revision;
    let question = Field::new("size", "Size", FieldKind::string());
    catalogue
        .set_request_form(manager, offering, &Schema::new(vec![question]), revision)
        .await
        .unwrap();
    About {
        parts: Parts::of(portal, &things).await,
        lone_owner: world.buyer().await.owner.user_id.to_string(),
        token: another_token(portal, &things.buyer.owner).await,
        things,
    }
}

async fn another_token(portal: &Portal, owner: &Actor) -> String {
    let until = portal.world.clock().now() + TimeDelta::days(30);
    let accounts = portal.world.operations().accounts();
    let made = accounts.issue_token(owner, "test", TokenScope::ALL, until).await;
    made.unwrap().0.id.to_string()
}

#[test]
fn every_form_answers_each_role_as_the_table_says() {
    run(Engine::Sqlite, async |portal: Portal| {
        let about = about(&portal).await;
        let callers = callers(&portal.world, &about.things).await;
        let browsers = browsers(&portal, &callers).await;
        let cases = cases(&about);
        all_are_there(&cases);
        let mut lines = Vec::new();
        for case in &cases {
            let mut statuses = Vec::new();
            for (browser, (caller, actor)) in browsers.iter().zip(&callers) {
                let mut fields = case.fields.clone();
                fields.extend(new_field(&portal, &about.things, case.new, actor.as_ref()).await);
                let before = written(&portal).await;
                let status = outcome(browser, case.form, &fields).await;
                let left_nothing = before == written(&portal).await || WRITTEN_DOWN.contains(&case.form);
                let refused = status == 302 || status >= 400;
                assert!(
                    !refused || left_nothing,
                    "{} by {caller}: {status}, and yet it did something",
                    case.form
                );
                statuses.push(status);
            }
            lines.push((format!("{}{}", case.form, case.remark), statuses));
        }
        let names: Vec<String> = callers.into_iter().map(|(name, _)| name).collect();
        insta::assert_snapshot!(table(&names, &lines));
    });
}

fn all_are_there(cases: &[Case]) {
    let known: BTreeSet<&str> = forms::ALL.iter().map(|(name, _)| *name).collect();
    let tried: BTreeSet<&str> = cases.iter().map(|case| case.form).collect();
    let missing: Vec<_> = known.symmetric_difference(&tried).collect();
    assert!(
        missing.is_empty(),
        "the table and the forms differ in {missing:#?}"
    );
    for case in cases {
        let fields = case
            .fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        let (_, check) = forms::ALL.iter().find(|(name, _)| *name == case.form).unwrap();
        let read = check(&fields.chain(case.new.example()).collect());
        assert!(read.is_ok(), "{}: {read:?}", case.form);
    }
}

/// The field of what has to be another one for each caller.
async fn new_field(
    portal: &Portal,
    things: &Things,
    new: New,
    caller: Option<&Actor>,
) -> Option<(&'static str, String)> {
    let value = match (new, caller) {
        (New::Nothing, _) => return None,
        (New::Grant, _) => another_grant(portal, things).await.to_string(),
        (New::Backend, _) => another_backend(portal, things).await.to_string(),
        (New::Webhook, _) => another_webhook(portal, Scope::Organization(things.buyer.id)).await,
        (New::Rule, _) => another_rule(portal, Scope::Organization(things.buyer.id)).await,
        // An address that is tried often waits.
        (New::Email, _) => format!("{}@elsewhere.example", portal.world.stranger().await.username),
        (New::Token, Some(caller)) => another_token(portal, caller).await,
        (New::Token, None) => another_token(portal, &things.buyer.owner).await,
    };
    Some((new.field(), value))
}

/// How much stands in the history and in the queue.
async fn written(portal: &Portal) -> (u64, u64) {
    let db = portal.world.db();
    let events = audit_event::Entity::find().count(db).await.unwrap();
    (events, job::Entity::find().count(db).await.unwrap())
}

/// The status of the page that a posted form leads to.
async fn outcome(browser: &Browser, form: &str, fields: &[(&str, String)]) -> u16 {
    let sent: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = browser.post(&format!("/fn/{form}"), &sent).await;
    assert_eq!(answer.status, 302, "{form}: {}", answer.text);
    let to = answer.header("location");
    assert!(!to.contains("__err"), "{form} leads to {to}");
    if to.contains(routes::NOT_SENT) {
        return answer.status;
    }
    let page = browser.get(to.split('#').next().unwrap()).await;
    assert!(
        page.status < 500,
        "{form}: {to} answers {} {}",
        page.status,
        page.text
    );
    page.status
}
