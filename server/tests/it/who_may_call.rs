//! Who may call what: every role against every endpoint, page, form, stream and file, as golden tables. The requests that
//! would change something are such that they cannot: whoever is allowed gets past the permission and is stopped by something
//! else (409 by the state, 422 by the input). 403 and 404 are refusals of the permission.

mod endpoints;
mod forms;
mod loads;
mod pages;
mod streams;

use std::fmt::Write as _;

use domain::{Actor, actions::Wish, catalogue::SentValues};
use model::{
    Action, ApprovalRuleDraft, Ask, AssignedBackendId, ComponentId, Field, FieldKind, GrantId, PlanVersionId,
    Role, RuleConditions, RuleEffect, Schema, Scope, Side, WebhookDraft,
};
use serde_json::json;
use testkit::{Buyer, Offering, Project, Provider, World};

use crate::{api::Browser, portal::Portal};

/// What the requests of the tables are about.
pub(super) struct Things {
    pub(super) provider: Provider,
    pub(super) buyer: Buyer,
    pub(super) project: Project,
    pub(super) offering: Offering,
    pub(super) draft: Offering,
    pub(super) archived: Offering,
    /// Delivered by hand, with an action of the provider, which asks for a size.
    pub(super) by_hand: Offering,
    pub(super) order: String,
    pub(super) waiting: String,
    pub(super) resource: String,
    pub(super) ended: String,
    pub(super) invoice: String,
    pub(super) job: String,
    pub(super) grant: String,
    pub(super) backend: String,
    pub(super) category: String,
    /// An action of the resource that was done.
    pub(super) asked: String,
    /// An action that people of the provider did.
    pub(super) task: String,
    /// One of each place, by the parts of the addresses of their pages.
    pub(super) webhooks: Vec<(&'static str, String)>,
    /// Rules of approval, one of each place; they are switched off.
    pub(super) rules: Vec<(&'static str, String)>,
}

pub(super) async fn things(portal: &Portal) -> Things {
    let world = &portal.world;
    let (provider, buyer) = (world.provider().named("Seller").await, world.buyer().await);
    let project = world.project(&buyer).approving_up_to("1000").await;
    let offering = world.offering(&provider).named("Open").await;
    let draft = world.offering(&provider).named("Prepared").unpublished().await;
    let archived = world.offering(&provider).named("Gone").await;
    let domain = world.domain();
    domain
        .catalogue()
        .archive(&provider.manager, archived.id)
        .await
        .unwrap();
    let by_hand = by_hand(portal, &provider).await;
    let owner = &buyer.owner;
    let resource = world.order(owner, &project, &offering).fulfilled().await;
    let ended = world.order(owner, &project, &offering).fulfilled().await;
    let order = domain
        .ordering()
        .place_terminate(owner, ended, "over", None)
        .await
        .unwrap();
    world.run_jobs().await;
    let member = world.member(&project).await;
    let waiting = world.order(&member, &project, &offering).await;
    let wish = Wish {
        key: "restart".into(),
        input: SentValues::Json(json!({})),
    };
    let plugins = portal.registry.facts();
    let asked = domain
        .actions()
        .ask(owner, resource, wish, (&plugins, None))
        .await;
    let racked = world.order(owner, &project, &by_hand).fulfilled().await;
    let wish = Wish {
        key: "restart".into(),
        input: SentValues::Json(json!({})),
    };
    let task = domain.actions().ask(owner, racked, wish, (&plugins, None)).await;
    let task = task.unwrap();
    let finished = domain.actions().finish(&provider.manager, task, ("", &[])).await;
    finished.unwrap();
    world.clock().set("2026-03-02T09:00:00Z");
    domain
        .billing()
        .close(&Actor::system(), "2026-02".parse().unwrap())
        .await
        .unwrap();
    portal.work().await;
    let staff = portal.api(&world.staff().await).await;
    let invoices = staff.get("/invoices").await.ok();
    let jobs = staff.get("/jobs?kind=render_invoice").await.ok();
    let grants = staff.get(&format!("/grants?project={}", project.id)).await.ok();
    let categories = staff.get("/categories").await.ok();
    let wanted = json!({ "plugin": "fake", "settings": { "endpoint": "https://one.example" } });
    let assigned = staff
        .post(&format!("/providers/{}/backends", provider.id), wanted)
        .await;
    let places = [
        ("organizations", Scope::Organization(buyer.id)),
        ("projects", Scope::Project(project.id)),
        ("provider", Scope::Provider(provider.id)),
        ("admin", Scope::System),
    ];
    let (mut webhooks, mut rules) = (Vec::new(), Vec::new());
    for (part, scope) in places {
        webhooks.push((part, another_webhook(portal, scope).await));
        rules.push((part, another_rule(portal, scope).await));
    }
    Things {
        webhooks,
        rules,
        provider,
        buyer,
        project,
        offering,
        draft,
        archived,
        by_hand,
        asked: asked.unwrap().to_string(),
        task: task.to_string(),
        order: order.to_string(),
        waiting: waiting.to_string(),
        resource: resource.to_string(),
        ended: ended.to_string(),
        invoice: invoices["items"][0]["id"].as_str().unwrap().into(),
        job: jobs["items"][0]["id"].as_str().unwrap().into(),
        backend: assigned.ok()["id"].as_str().unwrap().into(),
        grant: grants[0]["grant_id"].as_str().unwrap().into(),
        category: categories[0]["id"].as_str().unwrap().into(),
    }
}

/// An offering that is delivered by hand, with an action.
pub(super) async fn by_hand(portal: &Portal, provider: &Provider) -> Offering {
    let (world, plugins) = (&portal.world, portal.registry.facts());
    let offering = world
        .offering(provider)
        .named("By hand")
        .provisioned_by_hand()
        .await;
    let (catalogue, manager) = (world.domain().catalogue(), &provider.manager);
    let stored = catalogue.offering(Some(manager), &offering.id.to_string()).await;
    let size = Field::new("size", "Size", FieldKind::string());
    let restart =
        Action::new("restart", "Restart", "Somebody presses its button.").asking(Schema::new(vec![size]));
    let done = catalogue
        .set_actions(
            manager,
            offering.id,
            vec![restart],
            (&plugins, stored.unwrap().revision),
        )
        .await;
    done.unwrap();
    offering
}

impl Things {
    /// The webhook of the place that this part of an address stands for.
    pub(super) fn webhook(&self, place: &str) -> &str {
        let found = self.webhooks.iter().find(|(one, _)| *one == place);
        found.map(|(_, id)| id.as_str()).unwrap()
    }

    /// The rule of approval of that place.
    pub(super) fn rule(&self, place: &str) -> &str {
        let found = self.rules.iter().find(|(one, _)| *one == place);
        found.map(|(_, id)| id.as_str()).unwrap()
    }
}

/// Everybody who may come, with how the table calls them. Nobody at all comes first.
pub(super) async fn callers(world: &World, things: &Things) -> Vec<(String, Option<Actor>)> {
    let mut all = vec![
        ("nobody".to_owned(), None),
        ("stranger".to_owned(), Some(world.stranger().await)),
    ];
    let other = world.buyer().await;
    all.push(("owner elsewhere".into(), Some(other.owner)));
    for role in Role::ALL {
        let scope = match role {
            Role::OrganizationOwner | Role::OrganizationManager | Role::BillingReader => {
                Scope::Organization(things.buyer.id)
            }
            Role::ProjectAdmin | Role::ProjectManager | Role::ProjectMember | Role::ProjectReader => {
                Scope::Project(things.project.id)
            }
            Role::ProviderManager => Scope::Provider(things.provider.id),
            Role::OfferingManager => Scope::Offering(things.offering.id),
            Role::Staff | Role::Support => Scope::System,
        };
        all.push((role.as_str().to_owned(), Some(world.person(*role, scope).await)));
    }
    all
}

/// The browser of each caller, signed in where the caller is anybody.
pub(super) async fn browsers(portal: &Portal, callers: &[(String, Option<Actor>)]) -> Vec<Browser> {
    let mut browsers = Vec::new();
    for (_, actor) in callers {
        browsers.push(match actor {
            Some(actor) => portal.browser(actor).await,
            None => Browser::new(&portal.base),
        });
    }
    browsers
}

/// What each caller is answered of each row: `ask` says with which status.
async fn answers<R>(
    browsers: &[Browser],
    rows: impl IntoIterator<Item = (String, R)>,
    ask: impl AsyncFn(&Browser, &R) -> u16,
) -> Vec<(String, Vec<u16>)> {
    let mut lines = Vec::new();
    for (name, row) in rows {
        let mut statuses = Vec::new();
        for browser in browsers {
            let status = ask(browser, &row).await;
            assert!(status < 500, "{name}: {status}");
            statuses.push(status);
        }
        lines.push((name, statuses));
    }
    lines
}

/// Taking a role away works, so there must be a new one each time.
async fn another_grant(portal: &Portal, things: &Things) -> GrantId {
    let (world, scope) = (&portal.world, Scope::Project(things.project.id));
    let somebody = world.stranger().await;
    world.grant(somebody.user_id, Role::ProjectReader, scope).await;
    let members = world
        .domain()
        .access()
        .members(&Actor::system(), scope)
        .await
        .unwrap();
    let mut members = members.iter();
    members
        .find(|member| member.user_id == somebody.user_id)
        .unwrap()
        .grant_id
}

/// Removing a webhook works, so there must be a new one each time.
async fn another_webhook(portal: &Portal, scope: Scope) -> String {
    let draft = WebhookDraft {
        url: "https://hooks.example.org/".into(),
        description: String::new(),
        kinds: Vec::new(),
    };
    let made = portal
        .world
        .domain()
        .webhooks()
        .create(&Actor::system(), scope, draft)
        .await;
    made.unwrap().id.to_string()
}

/// Removing a rule works, so there must be a new one each time. It is switched off: the orders of the tables need nobody else.
async fn another_rule(portal: &Portal, scope: Scope) -> String {
    let draft = ApprovalRuleDraft {
        name: "Usual".into(),
        side: (scope == Scope::System).then_some(Side::Buyer),
        when: RuleConditions::default(),
        then: RuleEffect::Ask(Ask::usual()),
        is_active: false,
    };
    let approvals = portal.world.domain().approvals();
    let made = approvals.create(&Actor::system(), scope, draft).await;
    made.unwrap().id.to_string()
}

/// Taking a backend away works, so there must be a new one each time.
async fn another_backend(portal: &Portal, things: &Things) -> AssignedBackendId {
    let facts = portal.registry.facts();
    let fake = facts.iter().find(|plugin| plugin.kind == "fake").unwrap();
    let endpoint = format!("https://{}.example", portal.world.stranger().await.username);
    let settings = SentValues::Json(json!({ "endpoint": endpoint }));
    let (system, choice) = (Actor::system(), fake.into());
    let catalogue = portal.world.domain().catalogue();
    catalogue
        .assign_backend(&system, things.provider.id, &choice, settings)
        .await
        .unwrap()
}

/// What the offering is made of.
struct Parts {
    component: ComponentId,
    /// The version of the plan that is in force.
    version: PlanVersionId,
}

impl Parts {
    async fn of(portal: &Portal, things: &Things) -> Self {
        let (catalogue, manager) = (portal.world.domain().catalogue(), &things.provider.manager);
        let Offering { id, plan, .. } = things.offering;
        let offering = catalogue.offering(Some(manager), &id.to_string()).await.unwrap();
        let history = catalogue.plan_history(manager, id, plan).await.unwrap();
        Self {
            component: offering.components[0].id,
            version: history.versions[0].id,
        }
    }
}

/// A table with a line per place and a column per caller.
fn table(callers: &[String], lines: &[(String, Vec<u16>)]) -> String {
    let widest = lines
        .iter()
        .map(|(place, _)| place.len())
        .max()
        .unwrap_or_default();
    let legend: Vec<String> = callers
        .iter()
        .enumerate()
        .map(|(at, name)| format!("{:>3} {name}", at + 1))
        .collect();
    let numbers: Vec<String> = (1..=callers.len()).map(|number| format!("{number:>3}")).collect();
    let mut text = format!("{}\n\n{:widest$} {}\n", legend.join("\n"), "", numbers.join(" "));
    for (place, statuses) in lines {
        let statuses: Vec<String> = statuses.iter().map(|status| format!("{status:>3}")).collect();
        writeln!(text, "{place:widest$} {}", statuses.join(" ")).unwrap();
    }
    text
}

fn grant_of(email: &str) -> serde_json::Value {
    // A role that does not fit the scope: past the permission it is refused as input.
    json!({ "email": email, "role": "staff" })
}
