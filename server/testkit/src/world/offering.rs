//! Offerings, ready to order.

mod sold;

use std::future::IntoFuture;

use domain::Actor;
use domain::catalogue::{NewCategory, PluginChoice, SentValues};
use entity::offering;
use model::{
    BillingPeriod, ChargeMode, Currency, Fixed, OfferingDraft, OfferingId, OrganizationId, PlanDraft, PlanId,
    Proration, Schema, Visibility,
};
use sea_orm::EntityTrait;
use serde_json::{Value as Json, json};

pub use sold::Sold;

use super::{Buyer, Making, Provider, World};

const CATEGORY: &str = "compute";

/// A published offering with one plan.
#[derive(Debug, Clone)]
pub struct Offering {
    pub id: OfferingId,
    pub slug: String,
    pub name: String,
    pub provider_id: OrganizationId,
    pub plan: PlanId,
    pub terms_version: i32,
}

/// An offering in the making; await it, or [`NewOffering::unpublished`].
#[must_use = "nothing is made until it is awaited"]
pub struct NewOffering<'a> {
    world: &'a World,
    provider: OrganizationId,
    manager: Actor,
    draft: OfferingDraft,
    plan: PlanDraft,
    sold: Vec<Sold>,
    form: Schema,
    plugin: PluginChoice,
    settings: Json,
}

impl World {
    /// A published offering. Unless the test says otherwise it sells reserved CPUs at 10 euros a month in one plan, is
    /// for everybody, asks nothing, needs nobody's approval at the provider, and its plugin `fake` has no settings.
    pub fn offering(&self, provider: &Provider) -> NewOffering<'_> {
        let draft = OfferingDraft {
            name: self.name("Offering"),
            summary: "Computing for tests.".into(),
            description: "Computing, as **tests** need it.".into(),
            terms_of_service: "Use it kindly.".into(),
            category: CATEGORY.into(),
            attributes: json!({}),
            visibility: Some(Visibility::Shared),
            audience: Vec::new(),
            provider_approval: false,
        };
        let plan = PlanDraft {
            name: "Standard".into(),
            description: String::new(),
            currency: Currency::Eur,
            billing_period: BillingPeriod::Month,
            proration: Proration::Day,
            charge_mode: ChargeMode::Arrears,
            setup_fee: Fixed::ZERO,
            price_changes: model::PriceChanges::default(),
            prices: Vec::new(),
            valid_from: None,
        };
        NewOffering {
            world: self,
            provider: provider.id,
            manager: provider.manager.clone(),
            draft,
            plan,
            sold: Vec::new(),
            form: Schema::default(),
            plugin: PluginChoice {
                kind: "fake".into(),
                settings: Schema::default(),
                assigned: Schema::default(),
                by_hand: true,
            },
            settings: json!({}),
        }
    }

    /// The category of all offerings of a world, made when the first one needs it.
    async fn ensure_category(&self) {
        let catalogue = self.domain().catalogue();
        let known = catalogue.categories(None).await.expect("the categories are read");
        if known.iter().any(|category| category.slug == CATEGORY) {
            return;
        }
        let category = NewCategory {
            name: "Compute".into(),
            slug: Some(CATEGORY.into()),
            description: String::new(),
            icon: "cpu".into(),
            tint: "sea".into(),
            attributes: Schema::default(),
        };
        catalogue
            .create_category(&Actor::system(), category)
            .await
            .expect("the category is created");
    }

    async fn offering_row(&self, id: OfferingId) -> offering::Model {
        offering::Entity::find_by_id(id)
            .one(self.db())
            .await
            .expect("the offering is read")
            .expect("it exists")
    }

    /// Answers a test of the connection as a backend does that is there.
    pub(super) async fn accept_settings(&self, id: OfferingId, fingerprint: &str) {
        let catalogue = self.domain().catalogue();
        let answer = Ok("The backend answers.".into());
        catalogue
            .record_connection_test(&Actor::system(), id, fingerprint, answer)
            .await
            .expect("it is recorded");
    }
}

impl NewOffering<'_> {
    pub fn named(mut self, name: &str) -> Self {
        self.draft.name = name.into();
        self
    }

    /// Adds a component with its price; the first call replaces the CPUs.
    pub fn selling(mut self, sold: Sold) -> Self {
        self.sold.push(sold);
        self
    }

    /// Changes the plan: period, proration, currency, fees.
    pub fn in_plan(mut self, change: impl FnOnce(&mut PlanDraft)) -> Self {
        change(&mut self.plan);
        self
    }

    /// The provider decides on every order, too.
    pub fn approved_by_provider(mut self) -> Self {
        self.draft.provider_approval = true;
        self
    }

    /// Only this buyer sees it.
    pub fn only_for(mut self, buyer: &Buyer) -> Self {
        self.draft.visibility = Some(Visibility::Private);
        self.draft.audience.push(buyer.id);
        self
    }

    /// What a buyer is asked.
    pub fn asking(mut self, form: Schema) -> Self {
        self.form = form;
        self
    }

    /// A plugin with a backend behind it, whose connection is tested before publishing.
    pub fn provisioned_by(mut self, kind: &str, schema: Schema, settings: Json) -> Self {
        self.plugin = PluginChoice {
            kind: kind.into(),
            settings: schema,
            assigned: Schema::default(),
            by_hand: false,
        };
        self.settings = settings;
        self
    }

    /// People provision it: orders stay in progress until the provider says that they are done.
    pub fn provisioned_by_hand(mut self) -> Self {
        self.plugin.kind = "manual".into();
        self
    }

    /// Everything but the last step: the draft is ready to be published.
    pub async fn unpublished(self) -> Offering {
        let Self {
            world,
            provider,
            manager,
            draft,
            mut plan,
            mut sold,
            form,
            plugin,
            settings,
        } = self;
        world.ensure_category().await;
        let catalogue = world.domain().catalogue();
        let name = draft.name.clone();
        let id = catalogue
            .create_offering(&manager, provider, &name)
            .await
            .expect("the offering is created");
        let revision = world.offering_row(id).await.revision;
        let revision = catalogue
            .revise(&manager, id, draft, revision)
            .await
            .expect("the offering is described");
        let revision = catalogue
            .set_request_form(&manager, id, &form, revision)
            .await
            .expect("the form is kept");
        let settings = SentValues::Json(settings);
        catalogue
            .set_plugin(&manager, id, &plugin, settings, revision)
            .await
            .expect("the settings are kept");
        if sold.is_empty() {
            sold.push(Sold::reserved("cpu", "CPU").at("10"));
        }
        for one in sold {
            plan.prices.push(one.price());
            catalogue
                .save_component(&manager, id, None, one.component())
                .await
                .expect("the component is kept");
        }
        let plan = catalogue
            .save_plan(&manager, id, None, plan)
            .await
            .expect("the plan is kept");
        if !plugin.by_hand {
            catalogue
                .request_connection_test(&manager, id)
                .await
                .expect("a test of the connection is asked for");
            world.run_jobs().await;
        }
        let row = world.offering_row(id).await;
        Offering {
            id,
            slug: row.slug,
            name,
            provider_id: provider,
            plan,
            terms_version: row.terms_version,
        }
    }
}

impl<'a> IntoFuture for NewOffering<'a> {
    type Output = Offering;
    type IntoFuture = Making<'a, Offering>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (world, manager) = (self.world, self.manager.clone());
            let offering = self.unpublished().await;
            world
                .domain()
                .catalogue()
                .publish(&manager, offering.id)
                .await
                .expect("the offering is published");
            offering
        })
    }
}
