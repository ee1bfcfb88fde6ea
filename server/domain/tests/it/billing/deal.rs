//! A buyer and a seller with one offering, and the months between them.

use domain::Actor;
use model::{
    Fixed, InvoiceDocument, LimitsDraft, Money, Month, PageRequest, PlanDraft, PlanId, ResourceId,
    UsageReceipt, UsageReport,
};
use testkit::{Buyer, NewOffering, Offering, Project, Provider, Sold, World};

pub(crate) struct Deal<'w> {
    pub(crate) world: &'w World,
    pub(crate) provider: Provider,
    pub(crate) offering: Offering,
    pub(crate) buyer: Buyer,
    pub(crate) project: Project,
}

impl<'w> Deal<'w> {
    /// The provider "Tartu" sells `sold` in one plan, at 22 % tax, from this time on.
    pub(crate) async fn selling(world: &'w World, from: &str, sold: Vec<Sold>) -> Self {
        Self::in_plan(world, from, sold, |_| {}).await
    }

    pub(crate) async fn in_plan(
        world: &'w World,
        from: &str,
        sold: Vec<Sold>,
        plan: impl FnOnce(&mut PlanDraft),
    ) -> Self {
        world.leaves_jobs();
        world.clock().set(from);
        let provider = world.provider().named("Tartu").await;
        let offering = sold
            .into_iter()
            .fold(world.offering(&provider), NewOffering::selling)
            .in_plan(plan)
            .await;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        Self {
            world,
            provider,
            offering,
            buyer,
            project,
        }
    }

    /// A resource that runs from `at` on.
    pub(crate) async fn runs(&self, at: &str, limits: &[(&str, &str)]) -> ResourceId {
        self.world.clock().set(at);
        let order = self.world.order(&self.buyer.owner, &self.project, &self.offering);
        order.limits(limits.iter().copied()).fulfilled().await
    }

    pub(crate) async fn changes(&self, at: &str, resource_id: ResourceId, limits: &[(&str, &str)]) {
        self.world.clock().set(at);
        let limits = limits
            .iter()
            .map(|(code, limit)| ((*code).to_owned(), fixed(limit)))
            .collect();
        let draft = LimitsDraft { resource_id, limits };
        self.world
            .domain()
            .ordering()
            .place_change_limits(&self.buyer.owner, draft, None)
            .await
            .unwrap();
        self.world.run_jobs().await;
    }

    pub(crate) async fn switches(&self, at: &str, resource: ResourceId, plan: PlanId) {
        self.world.clock().set(at);
        self.world
            .domain()
            .ordering()
            .place_switch_plan(&self.buyer.owner, resource, plan, None)
            .await
            .unwrap();
        self.world.run_jobs().await;
    }

    pub(crate) async fn ends(&self, at: &str, resource: ResourceId) {
        self.world.clock().set(at);
        let ordering = self.world.domain().ordering();
        ordering
            .place_terminate(&self.buyer.owner, resource, "no longer needed", None)
            .await
            .unwrap();
        self.world.run_jobs().await;
    }

    /// The provider reports use of component `cpu` in a window.
    pub(crate) async fn used(
        &self,
        resource: ResourceId,
        key: &str,
        window: (&str, &str),
        quantity: &str,
    ) -> UsageReceipt {
        let line = usage(resource, "cpu", key, window, quantity);
        self.world
            .domain()
            .usage()
            .record(&self.provider.manager, vec![line])
            .await
            .unwrap()
    }

    /// Closes a month at a time after it.
    pub(crate) async fn closes(&self, at: &str, month: &str) -> model::CloseReport {
        self.world.clock().set(at);
        let billing = self.world.domain().billing();
        let report = billing.close(&Actor::system(), parsed(month)).await.unwrap();
        assert_eq!(report.failed, [], "everybody is invoiced");
        report
    }

    /// The invoice of a month, if there is one.
    pub(crate) async fn invoice(&self, month: &str) -> Option<InvoiceDocument> {
        let billing = self.world.domain().billing();
        let filter = domain::billing::InvoiceFilter {
            month: Some(parsed(month)),
            ..Default::default()
        };
        let page = billing
            .invoices(&self.buyer.owner, &filter, PageRequest::default())
            .await
            .unwrap();
        assert!(page.items.len() < 2, "one invoice a month: {:?}", page.items);
        match page.items.first() {
            Some(row) => Some(billing.invoice(&self.buyer.owner, row.id).await.unwrap()),
            None => None,
        }
    }

    /// `description: amount` of each line of a month, after closing it on the day after.
    pub(crate) async fn bill(&self, at: &str, month: &str) -> Vec<String> {
        self.closes(at, month).await;
        self.invoice(month)
            .await
            .map(|document| amounts(&document))
            .unwrap_or_default()
    }

    /// The total of a month's open invoice, brought up to date at this time.
    pub(crate) async fn open_total(&self, at: &str, month: &str) -> Fixed {
        self.world.clock().set(at);
        let billing = self.world.operations().billing();
        billing
            .accrue(parsed(month), self.buyer.id, self.provider.id)
            .await
            .unwrap();
        self.invoice(month).await.unwrap().total
    }

    /// The buyer saves another time zone at this time.
    /// The seller's tax from the month of `at` on.
    pub(crate) async fn taxed(&self, at: &str, percent: &str) {
        self.world.clock().set(at);
        let (structure, staff) = (self.world.domain().structure(), self.world.staff().await);
        let mut seller = structure.organization(&staff, self.provider.id).await.unwrap();
        seller.tax_percent = fixed(percent);
        structure.edit_organization(&staff, seller).await.unwrap();
    }

    pub(crate) async fn moves(&self, at: &str, zone: &str) {
        self.world.clock().set(at);
        let structure = self.world.domain().structure();
        let owner = &self.buyer.owner;
        let mut detail = structure.organization(owner, self.buyer.id).await.unwrap();
        detail.time_zone = zone.into();
        structure.edit_organization(owner, detail).await.unwrap();
    }

    /// The provider changes the first plan as it is at that time.
    pub(crate) async fn publishes(&self, at: &str, change: impl FnOnce(&mut PlanDraft)) {
        self.world.clock().set(at);
        let catalogue = self.world.domain().catalogue();
        let manager = &self.provider.manager;
        let seen = catalogue
            .offering(Some(manager), &self.offering.slug)
            .await
            .unwrap();
        let mut draft = draft_of(&seen.plans[0]);
        change(&mut draft);
        let saved = catalogue.save_plan(manager, self.offering.id, Some(self.offering.plan), draft);
        saved.await.unwrap();
    }

    /// The provider adds a component with its price to the first plan, while nobody can order.
    pub(crate) async fn adds(&self, at: &str, sold: Vec<Sold>, change: impl FnOnce(&mut PlanDraft)) {
        self.world.clock().set(at);
        let (catalogue, manager) = (self.world.domain().catalogue(), &self.provider.manager);
        catalogue
            .pause(manager, self.offering.id, "New parts")
            .await
            .unwrap();
        for one in &sold {
            catalogue
                .save_component(manager, self.offering.id, None, one.component())
                .await
                .unwrap();
        }
        let prices = sold.iter().map(Sold::price);
        self.publishes(at, |plan| {
            plan.prices.extend(prices);
            change(plan);
        })
        .await;
        catalogue.resume(manager, self.offering.id).await.unwrap();
    }

    pub(crate) async fn add_plan(
        &self,
        change: impl FnOnce(&mut PlanDraft),
        sold: &[(&str, &str)],
    ) -> PlanId {
        let price = |(component, price): &(&str, &str)| model::PriceDraft {
            component: (*component).to_owned(),
            scheme: model::PriceScheme::PerUnit { price: fixed(price) },
        };
        let mut draft = PlanDraft {
            name: "Large".into(),
            description: String::new(),
            currency: model::Currency::Eur,
            billing_period: model::BillingPeriod::Month,
            proration: model::Proration::Day,
            charge_mode: model::ChargeMode::Arrears,
            setup_fee: Fixed::ZERO,
            price_changes: model::PriceChanges::default(),
            prices: sold.iter().map(price).collect(),
            valid_from: None,
        };
        change(&mut draft);
        let catalogue = self.world.domain().catalogue();
        catalogue
            .save_plan(&self.provider.manager, self.offering.id, None, draft)
            .await
            .unwrap()
    }
}

/// A draft that changes nothing.
pub(crate) fn draft_of(plan: &model::Plan) -> PlanDraft {
    let price = |held: &model::PlanPrice| model::PriceDraft {
        component: held.component.clone(),
        scheme: held.price.scheme.clone(),
    };
    PlanDraft {
        name: plan.name.clone(),
        description: plan.description.clone(),
        currency: plan.currency,
        billing_period: plan.billing_period,
        proration: plan.proration,
        charge_mode: plan.charge_mode,
        setup_fee: plan.setup_fee,
        price_changes: plan.price_changes,
        prices: plan.prices.iter().map(price).collect(),
        valid_from: None,
    }
}

/// Changes reach what runs as soon as they begin.
pub(crate) fn without_notice(plan: &mut PlanDraft) {
    plan.price_changes = model::PriceChanges::WithNotice { days: 0 };
}

pub(crate) fn set_price(plan: &mut PlanDraft, component: &str, price: &str) {
    let mut of_component = plan.prices.iter_mut().filter(|one| one.component == component);
    of_component.next().unwrap().scheme = model::PriceScheme::PerUnit { price: fixed(price) };
}

pub(crate) fn usage(
    resource_id: ResourceId,
    component: &str,
    key: &str,
    (start, end): (&str, &str),
    quantity: &str,
) -> UsageReport {
    UsageReport {
        resource_id,
        component: component.into(),
        window_start: start.parse().unwrap(),
        window_end: end.parse().unwrap(),
        quantity: fixed(quantity),
        key: key.into(),
        username: None,
    }
}

/// `description: amount` of each line.
pub(crate) fn amounts(document: &InvoiceDocument) -> Vec<String> {
    let amount = |amount| Money::from_fixed(amount, document.currency).plain();
    document
        .lines
        .iter()
        .map(|line| format!("{}: {}", line.description, amount(line.amount)))
        .collect()
}

/// How each amount came about.
pub(crate) fn sentences(document: &InvoiceDocument) -> Vec<String> {
    document
        .lines
        .iter()
        .map(|line| line.derivation.sentence())
        .collect()
}

pub(crate) fn fixed(text: &str) -> Fixed {
    text.parse().unwrap()
}

pub(crate) fn parsed(month: &str) -> Month {
    month.parse().unwrap()
}
