//! A provider names no backend that is not assigned to it: not when settings are saved, not in the worker, not in a test of the
//! connection. What it may use is seen and changed on a page of staff, and over the API.

mod pages;

use std::{sync::Arc, time::Duration};

use model::{ConnectionState, JobState, OrderState, Schema};
use plugins::Verb;
use reqwest::Method;
use serde_json::{Value as Json, json};
use testkit::{Engine, Fixture, Offering, Provider, World, both_engines};

use crate::{api::Api, portal::Portal, slurm_programs::Programs, worker::job};

/// Programs that write down how they are called, and answer as a cluster `lab` that is in order.
const CLUSTER: &str = r#"
{ printf '%s' "${0##*/}"; for arg in "$@"; do printf ' <%s>' "$arg"; done; echo; } >> "$here/calls"
case "$*" in
*"show cluster"*) echo lab ;;
*"show account"*) echo "root|default root account" ;;
*"show assoc"*) echo "root|||||||" ;;
*"ping"*) echo "Slurmctld(primary) at lab is UP" ;;
*"-i add"*) echo " Adding" ;;
esac
"#;

/// A portal with such a cluster, and an offering that is ready but for how it is provisioned.
struct OnCluster {
    portal: Portal,
    programs: Programs,
    provider: Provider,
    draft: Offering,
    staff: Api,
    seller: Api,
}

impl Fixture for OnCluster {
    async fn on(engine: Engine) -> Self {
        let programs = Programs::all(CLUSTER);
        let slurm = Arc::new(programs.plugin(Duration::from_secs(30)));
        let portal = Portal::over(World::on(engine).await, vec![slurm]).await;
        let provider = portal.world.provider().await;
        let draft = portal.world.offering(&provider).unpublished().await;
        let staff = portal.api(&portal.world.staff().await).await;
        let seller = portal.api(&provider.manager).await;
        Self {
            portal,
            programs,
            provider,
            draft,
            staff,
            seller,
        }
    }
}

impl OnCluster {
    fn backends(&self) -> String {
        format!("/providers/{}/backends", self.provider.id)
    }

    fn offering(&self, part: &str) -> String {
        format!("/offerings/{}{part}", self.draft.id)
    }

    /// Assigns a cluster to the provider; where that is read.
    async fn assign(&self, cluster: &str) -> String {
        let wanted =
            json!({ "plugin": "slurm", "settings": { "cluster": cluster, "parent_account": "root" } });
        let made = self.staff.post(&self.backends(), wanted).await.ok();
        format!("{}/{}", self.backends(), made["id"].as_str().unwrap())
    }

    async fn save(&self, settings: Json) -> crate::api::Answer {
        let plugin = json!({ "plugin": "slurm", "settings": settings });
        self.seller.put(&self.offering(""), "/plugin", plugin).await
    }

    /// Tests the saved settings; what was found.
    async fn tested(&self) -> Json {
        self.seller
            .post(&self.offering("/connection-test"), json!({}))
            .await
            .ok();
        self.portal.work().await;
        self.seller.get(&self.offering("/connection-test")).await.ok()
    }

    /// How the programs were called since this was asked last.
    fn calls(&self) -> String {
        let file = self.programs.file("calls");
        let calls = std::fs::read_to_string(&file).unwrap_or_default();
        std::fs::write(file, "").unwrap();
        calls
    }
}

both_engines! {
    async fn another_providers_cluster_is_refused_when_it_is_saved_and_told_nothing_of(on: OnCluster) {
        let other = on.portal.world.provider().await;
        let wanted = json!({ "plugin": "slurm", "settings": { "cluster": "lab", "parent_account": "root" } });
        on.staff.post(&format!("/providers/{}/backends", other.id), wanted).await.ok();
        on.assign("own").await;
        on.save(json!({ "cluster": "own" })).await.ok();
        for cluster in ["lab", "nowhere"] {
            let refused = on.save(json!({ "cluster": cluster })).await.refused(422, "invalid_input");
            let field = &refused["fields"][0];
            assert_eq!((&field["path"], &field["code"]), (&json!("settings.cluster"), &json!("not_assigned")));
            let words = format!("“{cluster}” is not assigned to this provider. Choose own, or ask those who run this portal to assign it.");
            assert_eq!(field["message"], words, "one that exists and one that does not are refused alike");
        }
        let tested = on.seller.post(&on.offering("/connection-test"), json!({})).await;
        assert!(tested.status < 300, "what is saved is tested: {}", tested.text);
        on.portal.work().await;
        let calls = on.calls();
        assert!(calls.contains("<show> <cluster>"), "the clusters are asked for: {calls}");
        assert!(!calls.contains("lab") && !calls.contains("nowhere"), "{calls}");
    }

    async fn names_that_a_command_would_misread_are_refused_when_they_are_saved(on: OnCluster) {
        let wrong = json!({ "cluster": "-lab", "parent_account": "a,b", "account_prefix": "Sto_a", "default_qos": "x y" });
        let faults = on.save(wrong).await.faults();
        assert_eq!(faults, ["cluster", "parent_account", "account_prefix", "default_qos"].map(|key| format!("settings.{key}")));
        let wrong = json!({ "plugin": "slurm", "settings": { "cluster": "-lab", "parent_account": "root" } });
        assert_eq!(on.staff.post(&on.backends(), wrong).await.faults(), ["settings.cluster"]);
    }

    async fn what_was_taken_away_is_not_used_by_the_worker_until_it_is_assigned_again(on: OnCluster) {
        let world = &on.portal.world;
        let assigned = on.assign("lab").await;
        on.save(json!({ "cluster": "lab" })).await.ok();
        let tested = on.tested().await;
        assert_eq!(tested["state"], ConnectionState::Ok.as_str(), "{tested}");
        assert!(!on.calls().contains("<-i>"), "a test only asks");
        on.seller.post(&on.offering("/publish"), json!({})).await.ok();
        let used = on.seller.get(&assigned).await.ok();
        assert_eq!(used["offerings"][0]["id"], on.draft.id.to_string(), "before it is taken away");
        assert_eq!(on.seller.send(Method::DELETE, &assigned, None).await.status, 403);
        assert_eq!(on.staff.send(Method::DELETE, &assigned, None).await.status, 204);

        let tested = on.tested().await;
        assert_eq!(tested["state"], ConnectionState::Failed.as_str());
        assert!(tested["message"].as_str().unwrap().contains("is not assigned"), "{tested}");
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let order = world.order(&buyer.owner, &project, &on.draft).await;
        on.portal.work().await;
        assert_eq!(on.calls(), "", "nothing was done on the backend, nor asked of it");
        let (state, tries, reason) = job(&on.portal, "provision_order").await;
        assert_eq!((state, tries), (JobState::Dead, 1), "trying again by itself would not help");
        assert!(reason.contains("“lab” (Cluster) is not assigned to the provider"), "{reason}");
        let owner = on.portal.api(&buyer.owner).await;
        let path = format!("/orders/{order}");
        let shown = owner.get(&path).await.ok();
        assert_eq!((&shown["summary"]["state"], &shown["error"]), (&json!("erred"), &json!(reason)), "a person reads it");

        on.assign("lab").await;
        owner.post(&format!("{path}/retry"), json!({})).await.ok();
        on.portal.work().await;
        assert!(on.calls().contains("<-i> <add> <account>"), "assigned again, it is carried out");
        assert_eq!(on.portal.operations.verify().run().await.unwrap(), []);
    }

    async fn what_runs_goes_on_when_its_backend_is_taken_away_and_can_be_ended(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let staff = portal.api(&world.staff().await).await;
        let backends = format!("/providers/{}/backends", provider.id);
        let wanted = json!({ "plugin": "fake", "settings": { "endpoint": "https://one.example" } });
        let made = staff.post(&backends, wanted).await.ok();
        let fields = vec![model::Field::new("endpoint", "Endpoint", model::FieldKind::string())];
        let settings = json!({ "endpoint": "https://one.example" });
        let offering = world.offering(&provider).provisioned_by("fake", Schema::new(fields), settings).await;
        let project = world.project(&buyer).await;
        let order = world.order(&buyer.owner, &project, &offering).await;
        portal.work().await;
        assert_eq!(world.order_state(order).await, OrderState::Done);
        let resource = world.domain().ordering().order(&buyer.owner, order).await.unwrap().summary.resource_id.unwrap();
        let done = |verb: Verb| portal.fake.calls().iter().filter(|call| call.verb == verb).count();
        assert_eq!(done(Verb::Provision), 1);
        let path = format!("{backends}/{}", made["id"].as_str().unwrap());
        assert_eq!(staff.send(Method::DELETE, &path, None).await.status, 204);

        let owner = portal.api(&buyer.owner).await;
        let more = json!({ "limits": { "cpu": "3" } });
        let change = owner.post(&format!("/resources/{resource}/limits"), more).await.ok();
        portal.work().await;
        assert_eq!(done(Verb::ChangeLimits), 0, "nothing is changed there");
        let shown = owner.get(&format!("/orders/{}", change["summary"]["id"].as_str().unwrap())).await.ok();
        assert_eq!(shown["summary"]["state"], "erred");
        assert!(shown["error"].as_str().unwrap().contains("is not assigned to the provider"), "{shown}");
        let order = change["summary"]["id"].as_str().unwrap();
        owner.post(&format!("/orders/{order}/cancel"), json!({})).await.ok();
        let running = owner.get(&format!("/resources/{resource}")).await.ok();
        assert_eq!(running["summary"]["state"], "ok", "it runs as before");

        let before = done(Verb::SyncMembers);
        world.member(&project).await;
        portal.work().await;
        assert!(done(Verb::SyncMembers) > before, "who joins and who leaves counts on");
        owner.post(&format!("/resources/{resource}/termination"), json!({ "reason": "over" })).await.ok();
        portal.work().await;
        assert_eq!(done(Verb::Terminate), 1, "and it can be ended");
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }
}
