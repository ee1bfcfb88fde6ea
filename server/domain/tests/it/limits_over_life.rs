//! What backends are told that count use over the life of a resource.

use domain::provisioning::LimitsOverLife;
use entity::usage_day;
use model::{BillingPeriod, LimitPeriod, ResourceId};
use sea_orm::{EntityTrait, Set};
use testkit::{Sold, World, both_engines};

use crate::billing::deal::Deal;

const CODES: [&str; 1] = ["cpu_hours"];

/// A hundred hours, which count as the plan's period does, and some cores.
async fn hours(world: &World) -> (Deal<'_>, ResourceId) {
    let hours = Sold::reserved("cpu_hours", "CPU-hour").at("1");
    let hours = hours.with(|terms| terms.limit_period = LimitPeriod::Plan);
    let cores = Sold::reserved("cores", "core").at("1");
    let deal = Deal::selling(world, "2025-01-01T08:00:00Z", vec![hours, cores]).await;
    let resource = deal.runs("2025-01-10T09:00:00Z", &[("cpu_hours", "100")]).await;
    (deal, resource)
}

async fn used(world: &World, resource: ResourceId, day: &str, component: &str, quantity: i64) {
    let row = usage_day::ActiveModel {
        resource_id: Set(resource),
        component: Set(component.into()),
        day: Set(day.parse().unwrap()),
        quantity: Set(quantity.to_string().parse().unwrap()),
    };
    usage_day::Entity::insert(row)
        .exec_without_returning(world.db())
        .await
        .unwrap();
}

fn told(before: Option<i64>) -> LimitsOverLife {
    let hours = |quantity: i64| ("cpu_hours".to_owned(), quantity.to_string().parse().unwrap());
    LimitsOverLife {
        limits: [hours(100)].into(),
        used_before: before.map(hours).into_iter().collect(),
    }
}

both_engines! {
    async fn periods_are_those_of_the_plan_and_change_with_it(world: World) {
        let (deal, resource) = hours(&world).await;
        used(&world, resource, "2025-01-20", "cpu_hours", 30).await;
        used(&world, resource, "2025-01-20", "cores", 7).await;
        used(&world, resource, "2025-02-03", "cpu_hours", 20).await;
        let provisioning = world.operations().provisioning();
        let now = async || provisioning.limits_over_life(resource, &CODES).await.unwrap();
        world.clock().set("2025-01-31T23:00:00Z");
        assert_eq!(now().await, Some(told(None)));
        world.clock().set("2025-02-10T09:00:00Z");
        assert_eq!(now().await, Some(told(Some(30))), "of these hours alone");

        let yearly = |plan: &mut model::PlanDraft| plan.billing_period = BillingPeriod::Year;
        let plan = deal.add_plan(yearly, &[("cpu_hours", "10"), ("cores", "10")]).await;
        let ordering = world.domain().ordering();
        let order = ordering.place_switch_plan(&deal.buyer.owner, resource, plan, None).await.unwrap();
        let asked = world.operations().ordering().limits_over_life(order, &CODES).await.unwrap();
        assert_eq!(asked, told(None), "its year began before all use");
        assert_eq!(now().await, None, "the order tells it");
        world.run_jobs().await;
        assert_eq!(now().await, Some(told(None)));
        world.clock().set("2026-01-01T00:00:00Z");
        assert_eq!(now().await, Some(told(Some(50))));
    }

    async fn only_what_differs_from_what_was_told_makes_a_job(world: World) {
        let (_deal, resource) = hours(&world).await;
        let provisioning = world.operations().provisioning();
        let diverged = async |plugin: &str, codes: &[&str]| {
            provisioning.set_diverged_limits(plugin, codes).await.unwrap()
        };
        used(&world, resource, "2025-01-20", "cpu_hours", 30).await;
        world.clock().set("2025-01-25T09:00:00Z");
        provisioning.mark_limits(resource, &told(None)).await.unwrap();
        assert_eq!(diverged("fake", &CODES).await, 0);
        world.clock().set("2025-02-01T00:00:00Z");
        assert_eq!(diverged("manual", &CODES).await, 0, "of other plugins");
        assert_eq!(diverged("fake", &["gpu_hours"]).await, 0, "nothing that the backend counts");
        assert_eq!(diverged("fake", &CODES).await, 1);
        assert_eq!(diverged("fake", &CODES).await, 0, "the job waits");
        let waiting = world.pending_jobs().await;
        let subject = format!("resource {resource}");
        assert!(waiting.iter().any(|job| job.kind == "set_limits" && job.subject == subject));
    }

    async fn what_was_never_told_is_told(world: World) {
        let (_deal, _resource) = hours(&world).await;
        assert_eq!(world.operations().provisioning().set_diverged_limits("fake", &CODES).await.unwrap(), 1);
    }
}
