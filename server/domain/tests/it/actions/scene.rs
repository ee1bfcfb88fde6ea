//! A resource in use whose plugin knows a few actions, and the people around it.

use domain::actions::{ActionError, ActionWork, Wish};
use domain::catalogue::SentValues;
use domain::jobs::Job;
use domain::jobs::kinds::RunAction;
use domain::{Actor, Operations};
use entity::{audit_event, idempotency_key, job, offering, resource, resource_action};
use model::{
    Action, ActionAudience, ActionId, ActionState, ConditionFacts, Field, FieldKind, InventoryTable, Kind,
    PluginFacts, ResourceAction, ResourceActions, ResourceId, Schema, TokenScope,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
};
use serde_json::{Value as Json, json};
use testkit::{Buyer, Offering, Project, Provider, World};

pub(crate) struct Scene<'w> {
    pub(crate) world: &'w World,
    pub(crate) provider: Provider,
    pub(crate) offering: Offering,
    pub(crate) buyer: Buyer,
    pub(crate) project: Project,
    pub(crate) owner: Actor,
    pub(crate) member: Actor,
    pub(crate) plugins: Vec<PluginFacts>,
    pub(crate) resource: ResourceId,
}

fn condition(code: &str) -> ConditionFacts {
    ConditionFacts {
        code: code.into(),
        label: format!("{}{}", code[..1].to_uppercase(), &code[1..]),
    }
}

fn facts(kind: &str) -> PluginFacts {
    PluginFacts {
        kind: kind.into(),
        title: kind.into(),
        description: String::new(),
        settings: Schema::default(),
        assigned: Schema::default(),
        components: Vec::new(),
        by_hand: true,
        actions: Vec::new(),
        conditions: Vec::new(),
        lists_parts: false,
        parts_offered_when: None,
        takes_own_actions: false,
    }
}

/// A plugin with an action of every sort.
fn fake() -> PluginFacts {
    let job = Field::new("job", "Job", FieldKind::choice(&[])).required();
    let jobs = FieldKind::MultipleChoice {
        choices: Vec::new(),
        min_choices: None,
        max_choices: Some(2),
    };
    let text = Field::new("text", "Text", FieldKind::text()).required();
    let times = Field::new("times", "Times", FieldKind::integer(1, 9));
    let password = Field::new("password", "Password", FieldKind::Secret).required();
    let login = Field::new("login", "Login", FieldKind::string()).required();
    PluginFacts {
        actions: vec![
            Action::new("restart", "Restart", "It begins anew.").possible_in(&["running"]),
            Action::new("stop", "Stop", "It stops.").possible_in(&["running"]),
            Action::new("start", "Start", "It runs again.").possible_in(&["stopped"]),
            Action::new("hold", "Hold a job", "It waits.")
                .asking(Schema::new(vec![job]))
                .choosing("job", "jobs"),
            Action::new("release", "Release jobs", "They go on.")
                .asking(Schema::new(vec![Field::new("jobs", "Jobs", jobs)]))
                .choosing("jobs", "jobs")
                .beside_others(),
            Action::new("note", "Note", "It is written down.")
                .asking(Schema::new(vec![text, times]))
                .beside_others(),
            Action::new("rotate", "New password", "It has another one.")
                .asking(Schema::new(vec![login, password])),
            Action::new("pin", "Pin", "It stays where it is.")
                .of(ActionAudience::Managers)
                .beside_others(),
            Action::new("evacuate", "Evacuate", "It moves.")
                .of(ActionAudience::Provider)
                .beside_others(),
            Action::new("console", "Console", "It shows.").offered_when("acts_as", "machine"),
        ],
        conditions: vec![condition("running"), condition("stopped")],
        lists_parts: true,
        ..facts("fake")
    }
}

impl<'w> Scene<'w> {
    /// A resource of a plugin with actions.
    pub(crate) async fn of(world: &'w World) -> Self {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        Self::around(world, (provider, offering), vec![facts("other"), fake()]).await
    }

    /// A resource that people provide, who have defined one action: `resize`, which asks for a `size`.
    pub(crate) async fn by_hand(world: &'w World) -> Self {
        let provider = world.provider().await;
        let offering = world.offering(&provider).provisioned_by_hand().await;
        let manual = PluginFacts {
            takes_own_actions: true,
            ..facts("manual")
        };
        let scene = Self::around(world, (provider, offering), vec![manual]).await;
        let size = Field::new("size", "Size", FieldKind::integer(1, 100)).required();
        let resize = Action::new("resize", "Resize", "It gets larger.").asking(Schema::new(vec![size]));
        let row = scene.offering_row().await;
        let (catalogue, manager) = (world.domain().catalogue(), &scene.provider.manager);
        let under = (scene.plugins.as_slice(), row.revision);
        let set = catalogue.set_actions(manager, scene.offering.id, vec![resize], under);
        set.await.unwrap();
        scene
    }

    async fn around(
        world: &'w World,
        (provider, offering): (Provider, Offering),
        plugins: Vec<PluginFacts>,
    ) -> Self {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let owner = buyer.owner.clone();
        let member = world.member(&project).await;
        let order = world.order(&owner, &project, &offering).limits([("cpu", "2")]);
        let resource = order.fulfilled().await;
        world.leaves_jobs();
        Self {
            world,
            provider,
            offering,
            buyer,
            project,
            owner,
            member,
            plugins,
            resource,
        }
    }

    /// Asks for an action, with input as the API sends it.
    pub(crate) async fn ask(&self, actor: &Actor, key: &str, input: Json) -> Result<ActionId, ActionError> {
        self.ask_in(self.world.operations(), actor, (key, input, None))
            .await
    }

    /// The same under an idempotency key.
    pub(crate) async fn ask_under(
        &self,
        once: &str,
        actor: &Actor,
        key: &str,
        input: Json,
    ) -> Result<ActionId, ActionError> {
        self.ask_in(self.world.operations(), actor, (key, input, Some(once)))
            .await
    }

    /// The same of another process.
    pub(crate) async fn ask_in(
        &self,
        process: &Operations,
        actor: &Actor,
        (key, input, once): (&str, Json, Option<&str>),
    ) -> Result<ActionId, ActionError> {
        let actions = process.domain().actions();
        let wish = wish(key, input);
        actions
            .ask(actor, self.resource, wish, (&self.plugins, once))
            .await
    }

    /// A member asks for a note, which goes beside others.
    pub(crate) async fn note(&self, text: &str) -> ActionId {
        self.ask(&self.member, "note", json!({ "text": text }))
            .await
            .unwrap()
    }

    /// As a worker begins it.
    pub(crate) async fn begin(&self, id: ActionId) -> Option<ActionWork> {
        self.world.operations().actions().begin(id).await.unwrap()
    }

    pub(crate) async fn fail(&self, id: ActionId, reason: &str) {
        self.world.operations().actions().fail(id, reason).await.unwrap();
    }

    pub(crate) async fn complete(&self, id: ActionId) {
        let end = domain::actions::ActionEnd::default();
        let actions = self.world.operations().actions();
        actions.complete(id, end).await.unwrap();
    }

    pub(crate) async fn offered(&self, actor: &Actor) -> ResourceActions {
        let actions = self.world.domain().actions();
        actions
            .of_resource(actor, self.resource, &self.plugins)
            .await
            .unwrap()
    }

    /// Why a page says that it cannot be asked for now; empty where it can.
    pub(crate) async fn why_not(&self, key: &str) -> String {
        let offered = self.offered(&self.provider.manager).await.actions;
        let one = offered.into_iter().find(|one| one.action.key == key);
        one.unwrap().why_not
    }

    pub(crate) async fn shown(&self, id: ActionId) -> ResourceAction {
        let actions = self.world.domain().actions();
        actions.one(&self.member, id).await.unwrap()
    }

    /// State and words.
    pub(crate) async fn end_of(&self, id: ActionId) -> (ActionState, String) {
        let row = self.row(id).await;
        (row.state, row.message)
    }

    pub(crate) async fn row(&self, id: ActionId) -> resource_action::Model {
        let found = resource_action::Entity::find_by_id(id);
        found.one(self.world.db()).await.unwrap().unwrap()
    }

    pub(crate) async fn resource_row(&self) -> resource::Model {
        let found = resource::Entity::find_by_id(self.resource);
        found.one(self.world.db()).await.unwrap().unwrap()
    }

    /// Changes the resource behind the services.
    pub(crate) async fn set_resource(&self, change: impl FnOnce(&mut resource::ActiveModel)) {
        let mut row = self.resource_row().await.into_active_model();
        change(&mut row);
        row.update(self.world.db()).await.unwrap();
    }

    pub(crate) async fn offering_row(&self) -> offering::Model {
        let found = offering::Entity::find_by_id(self.offering.id);
        found.one(self.world.db()).await.unwrap().unwrap()
    }

    /// Changes the offering behind the services.
    pub(crate) async fn set_offering(&self, change: impl FnOnce(&mut offering::ActiveModel)) {
        let mut row = self.offering_row().await.into_active_model();
        change(&mut row);
        row.update(self.world.db()).await.unwrap();
    }

    /// The backend listed these jobs.
    pub(crate) async fn lists(&self, jobs: &[&str]) {
        let mut table = InventoryTable::new("jobs", "Jobs", &["Job", "State"]);
        for job in jobs {
            table.push(*job, vec![(*job).to_owned(), "Queued".into()]);
        }
        let actions = self.world.operations().actions();
        actions.keep_parts(self.resource, &[table], None).await.unwrap();
    }

    /// Jobs that would carry actions out.
    pub(crate) async fn jobs(&self) -> Vec<job::Model> {
        let jobs = self.world.pending_jobs().await;
        jobs.into_iter()
            .filter(|job| job.kind == RunAction::NAME)
            .collect()
    }

    /// Words of the log about actions of the resource, the oldest first: what, who, why.
    pub(crate) async fn told(&self) -> Vec<String> {
        let events = audit_event::Entity::find()
            .filter(audit_event::Column::SubjectId.eq(self.resource.0))
            .filter(audit_event::Column::Verb.starts_with("resource.action_"))
            .order_by_asc(audit_event::Column::Sequence)
            .all(self.world.db())
            .await
            .unwrap();
        let line = |event: audit_event::Model| {
            let what = event.verb.trim_start_matches("resource.action_");
            let key = event.after["key"].as_str().unwrap().to_owned();
            let reason = if event.reason.is_empty() {
                "-"
            } else {
                &event.reason
            };
            format!("{key} {what} by {}: {reason}", event.actor_name)
        };
        events.into_iter().map(line).collect()
    }

    /// Actions, jobs, events and kept answers: what a refusal must leave untouched.
    pub(crate) async fn stored(&self) -> [u64; 4] {
        let db = self.world.db();
        [
            resource_action::Entity::find().count(db).await.unwrap(),
            job::Entity::find().count(db).await.unwrap(),
            audit_event::Entity::find().count(db).await.unwrap(),
            idempotency_key::Entity::find().count(db).await.unwrap(),
        ]
    }

    /// Everything that asking writes, as text.
    pub(crate) async fn written(&self) -> String {
        let db = self.world.db();
        let actions = resource_action::Entity::find().all(db).await.unwrap();
        let jobs = job::Entity::find().all(db).await.unwrap();
        let events = audit_event::Entity::find().all(db).await.unwrap();
        let answers = idempotency_key::Entity::find().all(db).await.unwrap();
        format!("{actions:?} {jobs:?} {events:?} {answers:?}")
    }
}

pub(crate) fn wish(key: &str, input: Json) -> Wish {
    Wish {
        key: key.to_owned(),
        input: SentValues::Json(input),
    }
}

/// The same person with a token of these scopes.
pub(crate) fn by_token(actor: &Actor, scopes: &[TokenScope]) -> Actor {
    Actor {
        token_scopes: Some(scopes.to_vec()),
        ..actor.clone()
    }
}

/// The code of a refusal; `done` where it was none.
pub(crate) fn code<T>(answer: Result<T, ActionError>) -> String {
    match answer {
        Ok(_) => "done".into(),
        Err(refused) => refused.problem().code.clone(),
    }
}

/// What a refusal as things are says to people.
pub(crate) fn not_possible<T: std::fmt::Debug>(answer: Result<T, ActionError>) -> String {
    let problem = answer.unwrap_err().problem();
    assert_eq!(
        (problem.kind, &*problem.code),
        (Kind::Conflict, "action_not_possible")
    );
    problem.detail
}

/// `path: code` of every field at fault.
pub(crate) fn faults<T: std::fmt::Debug>(answer: Result<T, ActionError>) -> Vec<String> {
    let problem = answer.unwrap_err().problem();
    assert_eq!(problem.kind, Kind::Invalid, "{}", problem.detail);
    let fault = |fault: &model::FieldFault| format!("{}: {}", fault.path, fault.code);
    problem.fields.iter().map(fault).collect()
}
