//! The main job through the API alone, against a real SLURM: allocation, job, usage, a higher limit, the end, the
//! invoice and its PDF. `cargo xtask test` brings a SLURM up and runs it; where none answers, it fails.
#![recursion_limit = "512"]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as it must be fails the test"
)]
#![expect(
    dead_code,
    reason = "what it shares with the other tests serves more than this one"
)]

#[path = "support/api.rs"]
mod api;
#[path = "support/cluster.rs"]
mod cluster;
#[path = "support/conform.rs"]
mod conform;
#[path = "support/portal.rs"]
mod portal;

use std::{process::Command, sync::Arc, time::Duration};

use chrono::{DateTime, Days, Months, SecondsFormat, TimeDelta, Utc};
use domain::{
    Actor,
    access::{NewGrant, accounts::NewUser},
    jobs::NewJob,
};
use model::{Month, Role, Scope};
use plugins::slurm::{SlurmHost, SlurmPlugin};
use serde_json::{Value as Json, json};
use testkit::{Engine, World, run};
use tokio_util::sync::CancellationToken;
use worker::Worker;

use crate::{
    api::Api,
    cluster::{Cluster, output, real_now, unix_user},
    portal::{PASSWORD, Portal},
};

struct Journey {
    portal: Portal,
    staff: Api,
    seller: Api,
    owner: Api,
    member: Api,
    provider: String,
    project: String,
}

impl Journey {
    /// Provider, buyer, project and a member who is a user of this machine, too.
    async fn begin(world: World, cluster: &Cluster) -> Self {
        world.clock().set(&stamp(real_now()));
        let plugin = Arc::new(SlurmPlugin::new(SlurmHost::default()));
        let portal = Portal::over(world, vec![plugin]).await;
        let staff = portal.api(&portal.world.staff().await).await;
        let made = json!({ "name": format!("Keskus {}", cluster.prefix), "is_provider": true, "tax_percent": "24",
            "address": "Õismäe tee 1\nTartu", "country": "EE", "time_zone": "UTC" });
        let provider = id(&staff.post("/organizations", made).await.ok());
        let made = json!({ "name": "Põhjala uuringud", "country": "EE", "time_zone": "UTC" });
        let buyer = id(&staff.post("/organizations", made).await.ok());
        let seller = portal.world.stranger().await;
        portal
            .world
            .grant(
                seller.user_id,
                Role::ProviderManager,
                Scope::Provider(provider.parse().unwrap()),
            )
            .await;
        let owner = portal.world.stranger().await;
        let member = named(&portal, &unix_user().0).await;
        let grant = json!({ "email": owner.email, "role": "organization_owner" });
        staff
            .post(&format!("/organizations/{buyer}/members"), grant)
            .await
            .ok();
        let owner = portal.api(&owner).await;
        let made = json!({ "organization_id": buyer, "name": "Merejää", "slug": null, "description": "",
            "start_date": null, "end_date": null, "approval_limit": null });
        let project = id(&owner.post("/projects", made).await.ok());
        let grant = json!({ "email": member.email, "role": "project_member" });
        owner
            .post(&format!("/projects/{project}/members"), grant)
            .await
            .ok();
        let (seller, member) = (portal.api(&seller).await, portal.api(&member).await);
        Self {
            portal,
            staff,
            seller,
            owner,
            member,
            provider,
            project,
        }
    }

    /// The offering, from nothing to published, its connection tested by the worker.
    async fn open_shop(&self, cluster: &Cluster) -> Json {
        let attributes =
            json!({ "fields": [{ "key": "interconnect", "label": "Interconnect", "type": "string" }] });
        let category = json!({ "name": "HPC", "slug": "hpc", "description": "", "icon": "cpu", "tint": "sea",
            "attributes": attributes });
        self.staff.post("/categories", category).await.ok();
        let new = json!({ "provider_id": self.provider, "name": "HPC allocation" });
        let made = self.seller.post("/offerings", new).await.ok();
        let at = |part: &str| format!("/offerings/{}{part}", id(&made));
        let draft = json!({ "name": "HPC allocation", "summary": "Hours on a cluster.", "description": "**Hours**.",
            "terms_of_service": "Be kind.", "category": "hpc", "attributes": { "interconnect": "InfiniBand" },
            "visibility": "shared", "audience": [], "provider_approval": false });
        self.seller.patch(&at(""), draft).await.ok();
        let fields = json!([{ "key": "purpose", "label": "Purpose", "type": "text", "required": true }]);
        let form = json!({ "fields": fields });
        self.seller.put(&at(""), "/request-form", form).await.ok();
        let assigned =
            json!({ "plugin": "slurm", "settings": { "cluster": cluster.name, "parent_account": "root" } });
        let backends = format!("/providers/{}/backends", self.provider);
        self.staff.post(&backends, assigned).await.ok();
        let settings = json!({ "cluster": cluster.name, "account_prefix": cluster.prefix });
        let plugin = json!({ "plugin": "slurm", "settings": settings });
        self.seller.put(&at(""), "/plugin", plugin).await.ok();
        for (code, charge) in [("cpu_hours", "usage"), ("gpu_hours", "limit")] {
            let terms = json!({ "code": code, "name": code, "unit": "hour", "charge": charge, "limit_period": "month" });
            self.seller
                .post(&at("/components"), json!({ "terms": terms }))
                .await
                .ok();
        }
        let per_unit = |code: &str, price: &str| json!({ "component": code, "scheme": { "scheme": "per_unit", "price": { "amount": price, "currency": "EUR" } } });
        let plan = json!({ "name": "Standard", "currency": "EUR", "billing_period": "month", "proration": "day",
            "charge_mode": "arrears", "prices": [per_unit("cpu_hours", "100"), per_unit("gpu_hours", "2")] });
        self.seller.post(&at("/plans"), plan).await.ok();
        self.seller.post(&at("/connection-test"), json!({})).await.ok();
        self.work_until("the test of the connection", async || {
            self.seller.get(&at("/connection-test")).await.ok()["state"] != "testing"
        })
        .await;
        let tested = self.seller.get(&at("/connection-test")).await.ok();
        assert_eq!(tested["state"], "works", "{tested}");
        self.seller.post(&at("/publish"), json!({})).await.ok()
    }

    /// Works, in real time, until something holds.
    async fn work_until(&self, what: &str, look: impl AsyncFn() -> bool) {
        for _ in 0..240 {
            self.portal.world.clock().set(&stamp(real_now()));
            self.portal.worker("real").run_due().await.unwrap();
            if look().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        panic!("waited in vain for: {what}");
    }

    /// Lets real time pass until something holds, for a minute at most; a worker runs beside.
    async fn within_a_minute(&self, what: &str, look: impl Fn() -> bool) {
        for _ in 0..120 {
            self.portal.world.clock().set(&stamp(real_now()));
            if look() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        panic!("waited in vain for: {what}");
    }

    /// Approves an order as the owner and works until it is over.
    async fn carried_out(&self, order: &Json) -> Json {
        let path = format!("/orders/{}", id(order));
        assert_eq!(order["summary"]["state"], "pending_consumer");
        self.member
            .post(&format!("{path}/approve"), json!({}))
            .await
            .refused(403, "forbidden");
        self.owner
            .post(&format!("{path}/approve"), json!({ "comment": "Go on." }))
            .await
            .ok();
        self.work_until("the order", async || {
            let state = self.member.get(&path).await.ok()["summary"]["state"].clone();
            state == "done" || state == "erred"
        })
        .await;
        let done = self.member.get(&path).await.ok();
        assert_eq!(done["summary"]["state"], "done", "{}", done["error"]);
        done
    }
}

fn id(made: &Json) -> String {
    made["id"]
        .as_str()
        .or_else(|| made["summary"]["id"].as_str())
        .unwrap()
        .to_owned()
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

async fn named(portal: &Portal, username: &str) -> Actor {
    let new = NewUser {
        email: format!("{username}@example.org"),
        name: "Änne Õunapuu".into(),
        username: username.into(),
        password: PASSWORD.into(),
    };
    let domain = portal.world.domain();
    let user = portal
        .world
        .operations()
        .accounts()
        .create_user(new)
        .await
        .unwrap();
    domain.access().actor_for(user).await.unwrap()
}

#[test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
fn an_order_becomes_an_allocation_on_slurm_and_an_invoice() {
    run(Engine::Sqlite, async |world: World| {
        let cluster = Cluster::find();
        let journey = Journey::begin(world, &cluster).await;
        let offering = journey.open_shop(&cluster).await;
        let draft = json!({ "project_id": journey.project, "offering_id": offering["summary"]["id"],
            "plan_id": offering["plans"][0]["id"], "name": "Ice", "limits": { "gpu_hours": "3" },
            "attributes": { "purpose": "Ice" }, "accepted_terms": offering["terms_version"] });
        let placed = journey.member.post("/orders", draft).await.ok();
        let done = journey.carried_out(&placed).await;
        assert!(
            done["progress"]["total"].as_u64().unwrap() > 1,
            "progress was told: {}",
            done["progress"]
        );
        let resource = done["summary"]["resource_id"].as_str().unwrap().to_owned();
        let at = |part: &str| format!("/resources/{resource}{part}");
        let seen = journey.member.get(&at("")).await.ok();
        let account = seen["backend_id"].as_str().unwrap().to_owned();
        let (user, number) = unix_user();
        assert!(
            cluster
                .tree(&account)
                .contains(&format!("{account}||gres/gpu=180")),
            "{:?}",
            cluster.tree(&account)
        );
        assert!(
            cluster.tree(&account).contains(&format!("{account}|{user}|")),
            "{:?}",
            cluster.tree(&account)
        );

        let said = cluster.submit(number, &account, 4);
        assert!(said.contains("Submitted"), "{said}");
        journey
            .work_until("the job's usage", async || {
                journey
                    .portal
                    .operations
                    .jobs()
                    .enqueue(NewJob::now(&worker::ScheduleUsage {}).unwrap())
                    .await
                    .unwrap();
                used(&journey, &resource).await > 0.001
            })
            .await;
        let usage = journey.member.get(&at("/usage")).await.ok();
        assert_eq!(usage[0]["users"][0]["username"], user.as_str(), "{usage}");
        let cost = journey.member.get(&at("/cost")).await.ok();
        assert!(
            cost["lines"]
                .as_array()
                .unwrap()
                .iter()
                .any(|line| line["component"] == "cpu_hours"),
            "{cost}"
        );

        let wanted = json!({ "limits": { "gpu_hours": "6" } });
        let asked = journey.member.post(&at("/limits"), wanted).await.ok();
        journey.carried_out(&asked).await;
        assert!(
            cluster
                .tree(&account)
                .contains(&format!("{account}||gres/gpu=360")),
            "{:?}",
            cluster.tree(&account)
        );
        let asked = journey
            .member
            .post(&at("/termination"), json!({ "reason": "done" }))
            .await
            .ok();
        journey.carried_out(&asked).await;
        assert_eq!(
            cluster.tree(&account),
            Vec::<String>::new(),
            "SLURM shows it gone"
        );

        check_invoice(&journey).await;
        assert_eq!(journey.portal.operations.verify().run().await.unwrap(), []);
    });
}

#[test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
fn nobody_without_a_grant_has_access_to_slurm_a_minute_later() {
    run(Engine::Sqlite, async |world: World| {
        let cluster = Cluster::find();
        let journey = Journey::begin(world, &cluster).await;
        let offering = journey.open_shop(&cluster).await;
        let draft = json!({ "project_id": journey.project, "offering_id": offering["summary"]["id"],
            "plan_id": offering["plans"][0]["id"], "name": "Access", "limits": { "gpu_hours": "3" },
            "attributes": { "purpose": "Access" }, "accepted_terms": offering["terms_version"] });
        let placed = journey.member.post("/orders", draft).await.ok();
        let done = journey.carried_out(&placed).await;
        let path = format!("/resources/{}", done["summary"]["resource_id"].as_str().unwrap());
        let account = journey.member.get(&path).await.ok()["backend_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let has_access = |user: &str| cluster.tree(&account).contains(&format!("{account}|{user}|"));
        let (user, _) = unix_user();
        assert!(has_access(&user), "{:?}", cluster.tree(&account));

        // From here on the real worker runs with its timers.
        let (portal, stop) = (&journey.portal, CancellationToken::new());
        let worker = Worker::new(
            portal.world.second_process(),
            portal.registry.clone(),
            "timers".into(),
            portal::options(),
        );
        let working = tokio_util::task::TaskTracker::new().spawn(worker.run(stop.clone()));
        let (access, scope) = (
            portal.operations.domain().access(),
            Scope::Project(journey.project.parse().unwrap()),
        );
        let guest = named(portal, &format!("{}guest", cluster.prefix)).await;
        let grant = NewGrant {
            user: guest.user_id,
            role: Role::ProjectMember,
            scope,
            expires_at: Some(real_now() + TimeDelta::seconds(45)),
            reason: String::new(),
        };
        access.grant(&Actor::system(), grant).await.unwrap();
        journey
            .within_a_minute("the guest's access", || has_access(&guest.username))
            .await;
        let held = access.members(&Actor::system(), scope).await.unwrap();
        let held = held
            .iter()
            .find(|member| member.username == user)
            .unwrap()
            .grant_id;
        access.revoke(&Actor::system(), held, "left").await.unwrap();
        journey
            .within_a_minute("the end of the member's access", || !has_access(&user))
            .await;
        while real_now() < guest_until(&access, scope, &guest).await {
            portal.world.clock().set(&stamp(real_now()));
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        journey
            .within_a_minute("the end of the guest's access", || !has_access(&guest.username))
            .await;
        stop.cancel();
        working.await.unwrap();
    });
}

/// When the guest's grant runs out; the beginning of time once it has.
async fn guest_until(access: &domain::access::Access, scope: Scope, guest: &Actor) -> DateTime<Utc> {
    let held = access.members(&Actor::system(), scope).await.unwrap();
    let grant = held.into_iter().find(|member| member.user_id == guest.user_id);
    grant
        .and_then(|grant| grant.expires_at)
        .unwrap_or(DateTime::UNIX_EPOCH)
}

async fn used(journey: &Journey, resource: &str) -> f64 {
    let usage = journey
        .member
        .get(&format!("/resources/{resource}/usage"))
        .await
        .ok();
    usage[0]["total"].as_str().unwrap().parse().unwrap()
}

/// Closes the month that goes on in the real world, and compares the document with its PDF.
async fn check_invoice(journey: &Journey) {
    let today = real_now().date_naive();
    let month = Month::containing(today);
    let next = month.first_day() + Months::new(1) + Days::new(1);
    journey.portal.world.clock().set(&format!("{next}T09:00:00Z"));
    let closed = journey
        .staff
        .post(&format!("/months/{month}/close"), json!({}))
        .await
        .ok();
    assert_eq!(closed["issued"].as_array().map(Vec::len), Some(1), "{closed}");
    journey.portal.work().await;
    let list = journey.owner.get("/invoices").await.ok();
    let path = format!("/invoices/{}", id(&list["items"][0]));
    let invoice = journey.owner.get(&path).await.ok();
    let total: rust_decimal::Decimal = invoice["total"]["amount"].as_str().unwrap().parse().unwrap();
    assert!(total > rust_decimal::Decimal::ZERO, "{invoice}");
    let pdf = journey.owner.get(&format!("{path}/pdf")).await;
    let text = text_of(&pdf.bytes);
    let mut amounts = vec![
        &invoice["net"]["amount"],
        &invoice["tax"]["amount"],
        &invoice["total"]["amount"],
    ];
    amounts.extend(
        invoice["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| &line["amount"]["amount"]),
    );
    for amount in amounts {
        let amount: rust_decimal::Decimal = amount.as_str().unwrap().parse().unwrap();
        assert!(
            text.contains(&format!("{amount:.2}")),
            "{amount:.2} is not in the PDF:\n{text}"
        );
    }
    for words in [
        "Põhjala uuringud",
        "Õismäe tee 1",
        invoice["number"].as_str().unwrap(),
    ] {
        assert!(text.contains(words), "{words} is not in the PDF:\n{text}");
    }
}

fn text_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("invoice.pdf");
    std::fs::write(&file, pdf).unwrap();
    output(Command::new("pdftotext").arg("-layout").arg(&file).arg("-"))
}
