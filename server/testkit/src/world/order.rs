//! Orders, and the resources they make.

use std::future::IntoFuture;

use domain::Actor;
use entity::order;
use model::{CreateDraft, OrderId, OrderState, ResourceId};
use sea_orm::EntityTrait;
use serde_json::{Value as Json, json};

use super::{Making, Offering, Project, World};

/// An order for a new resource in the making; await it, or [`NewOrder::fulfilled`].
#[must_use = "nothing is made until it is awaited"]
pub struct NewOrder<'a> {
    world: &'a World,
    by: Actor,
    draft: CreateDraft,
}

impl World {
    /// `by` orders the offering in its plan for the project and accepts the terms.
    pub fn order(&self, by: &Actor, project: &Project, offering: &Offering) -> NewOrder<'_> {
        let draft = CreateDraft {
            project_id: project.id,
            offering_id: offering.id,
            plan_id: offering.plan,
            name: self.name("Resource"),
            limits: [].into(),
            expected_use: [].into(),
            attributes: json!({}),
            accepted_terms: Some(offering.terms_version),
            end_date: None,
            term_months: None,
            start_date: None,
        };
        NewOrder {
            world: self,
            by: by.clone(),
            draft,
        }
    }

    /// Where an order stands.
    pub async fn order_state(&self, id: OrderId) -> OrderState {
        self.order_row(id).await.state
    }

    async fn order_row(&self, id: OrderId) -> order::Model {
        order::Entity::find_by_id(id)
            .one(self.db())
            .await
            .expect("the order is read")
            .expect("the order exists")
    }
}

impl NewOrder<'_> {
    pub fn named(mut self, name: &str) -> Self {
        self.draft.name = name.into();
        self
    }

    /// By component code; the others take the component's default.
    pub fn limits<'l>(mut self, limits: impl IntoIterator<Item = (&'l str, &'l str)>) -> Self {
        let parsed = limits
            .into_iter()
            .map(|(code, limit)| (code.to_owned(), limit.parse().expect("a limit")));
        self.draft.limits = parsed.collect();
        self
    }

    /// What is expected to be used a month, by component code.
    pub fn expecting<'l>(mut self, uses: impl IntoIterator<Item = (&'l str, &'l str)>) -> Self {
        let parsed = uses
            .into_iter()
            .map(|(code, quantity)| (code.to_owned(), quantity.parse().expect("a quantity")));
        self.draft.expected_use = parsed.collect();
        self
    }

    /// Answers to the request form.
    pub fn answers(mut self, answers: Json) -> Self {
        self.draft.attributes = answers;
        self
    }

    /// Its last day, as in `2026-12-31`.
    pub fn ending(mut self, day: &str) -> Self {
        self.draft.end_date = Some(day.parse().expect("a day such as 2026-12-31"));
        self
    }

    /// Paid up front for so many months.
    pub fn for_months(mut self, months: u32) -> Self {
        self.draft.term_months = Some(months);
        self
    }

    /// On which day it starts, as in `2026-12-31`.
    pub fn starting(mut self, day: &str) -> Self {
        self.draft.start_date = Some(day.parse().expect("a day such as 2026-12-31"));
        self
    }

    /// The draft itself, for a call that is meant to be refused.
    pub fn into_draft(self) -> CreateDraft {
        self.draft
    }

    /// Orders and lets the backend carry it out at once; nobody may have to approve it.
    pub async fn fulfilled(self) -> ResourceId {
        let world = self.world;
        let id = self.await;
        world.run_jobs().await;
        let order = world.order_row(id).await;
        assert_eq!(
            order.state,
            OrderState::Done,
            "the order is carried out: {}",
            order.error
        );
        order.resource_id.expect("an order that is done has a resource")
    }
}

impl<'a> IntoFuture for NewOrder<'a> {
    type Output = OrderId;
    type IntoFuture = Making<'a, OrderId>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let ordering = self.world.domain().ordering();
            ordering
                .place_create(&self.by, self.draft, None)
                .await
                .expect("the order is placed")
        })
    }
}
