//! Preparing and publishing offerings.

use domain::Actor;
use domain::catalogue::CatalogueError;
use model::{
    CatalogueSearch, ComponentDraft, Field, FieldKind, Kind, OfferingDraft, OfferingState, PageRequest,
    PlanDraft, PriceDraft, PriceScheme, Requirement, Role, Schema, Scope,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use testkit::{Offering, World, both_engines};

pub(crate) fn draft_of(detail: &model::OfferingDetail) -> OfferingDraft {
    OfferingDraft {
        name: detail.summary.name.clone(),
        summary: detail.summary.summary.clone(),
        description: detail.description.clone(),
        terms_of_service: detail.terms_of_service.clone(),
        category: detail.summary.category_slug.clone(),
        attributes: detail.attributes.clone(),
        visibility: Some(detail.visibility),
        audience: detail.audience.clone(),
        provider_approval: detail.provider_approval,
    }
}

fn plan_of(detail: &model::OfferingDetail) -> PlanDraft {
    let plan = &detail.plans[0];
    let price = |held: &model::PlanPrice| PriceDraft {
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

fn reserved(code: &str, name: &str) -> ComponentDraft {
    let terms =
        json!({ "code": code, "name": name, "unit": name, "charge": "limit", "limit_period": "month" });
    ComponentDraft {
        terms: serde_json::from_value(terms).unwrap(),
        description: String::new(),
        article_code: String::new(),
    }
}

fn at(price: &str) -> PriceScheme {
    PriceScheme::per_unit(price.parse().unwrap())
}

pub(crate) async fn detail(world: &World, actor: &Actor, offering: &Offering) -> model::OfferingDetail {
    world
        .domain()
        .catalogue()
        .offering(Some(actor), &offering.slug)
        .await
        .unwrap()
}

pub(crate) fn paths(error: &CatalogueError) -> Vec<String> {
    error
        .problem()
        .fields
        .into_iter()
        .map(|fault| fault.path)
        .collect()
}

both_engines! {
    async fn an_empty_draft_lists_all_that_it_lacks_and_is_not_published(world: World) {
        let provider = world.provider().await;
        let catalogue = world.domain().catalogue();
        let id = catalogue.create_offering(&provider.manager, provider.id, "HPC").await.unwrap();
        let refused = catalogue.publish(&provider.manager, id).await.unwrap_err();
        let CatalogueError::NotReady(list) = &refused else { panic!("{refused:?}") };
        let met: Vec<Requirement> = list.iter().filter(|line| line.met).map(|line| line.requirement).collect();
        assert_eq!(met, [Requirement::Name, Requirement::RequestForm, Requirement::Audience]);
        assert!(list.iter().all(|line| line.met == line.detail.is_empty()));
        assert_eq!(refused.kind(), Kind::Conflict);
        assert_eq!(refused.problem().fields.len(), list.len() - met.len());
    }

    async fn a_complete_draft_is_published_and_seen_by_visitors(world: World) {
        let provider = world.provider().await;
        let draft = world.offering(&provider).unpublished().await;
        let catalogue = world.domain().catalogue();
        assert_eq!(catalogue.offering(None, &draft.slug).await.unwrap_err().kind(), Kind::NotFound);
        catalogue.publish(&provider.manager, draft.id).await.unwrap();
        let seen = catalogue.offering(None, &draft.id.to_string()).await.unwrap();
        assert_eq!(seen.summary.state, OfferingState::Active);
        assert_eq!(seen.summary.price_from, "from €10.00 per CPU and month");
        assert_eq!((seen.can_edit, seen.readiness.len(), seen.settings), (false, 0, serde_json::Value::Null));
    }

    async fn what_is_prepaid_is_priced_by_the_month_in_lists_and_on_its_page(world: World) {
        let provider = world.provider().await;
        let cores = testkit::Sold::reserved("cores", "core").at("10").with(|terms| terms.prepaid = true);
        let yearly = |plan: &mut PlanDraft| plan.billing_period = model::BillingPeriod::Year;
        let offering = world.offering(&provider).selling(cores).in_plan(yearly).await;
        let catalogue = world.domain().catalogue();
        let page = catalogue.search(None, &CatalogueSearch::default(), &PageRequest::default()).await.unwrap();
        let seen = catalogue.offering(None, &offering.slug).await.unwrap();
        let both = [&page.items[0].price_from, &seen.summary.price_from];
        assert_eq!(both, ["from €10.00 per core and month"; 2]);
    }

    async fn nothing_becomes_paid_up_front_where_something_runs_that_has_no_term(world: World) {
        let provider = world.provider().await;
        let (catalogue, manager) = (world.domain().catalogue(), &provider.manager);
        let offering = world.offering(&provider).await;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        world.order(&buyer.owner, &project, &offering).fulfilled().await;
        catalogue.pause(manager, offering.id, "A new part").await.unwrap();
        let mut up_front = reserved("licence", "Licence");
        up_front.terms.prepaid = true;
        let refused = catalogue.save_component(manager, offering.id, None, up_front.clone()).await.unwrap_err();
        assert_eq!(refused.problem().code, "in_use");
        let fresh = world.offering(&provider).unpublished().await;
        catalogue.save_component(manager, fresh.id, None, up_front).await.unwrap();
        let sold = testkit::Sold::reserved("cores", "core").at("10").with(|terms| terms.prepaid = true);
        let prepaid = world.offering(&provider).selling(sold).await;
        world.order(&buyer.owner, &project, &prepaid).for_months(1).fulfilled().await;
        catalogue.pause(manager, prepaid.id, "A new part").await.unwrap();
        let mut further = reserved("licence", "Licence");
        further.terms.prepaid = true;
        catalogue.save_component(manager, prepaid.id, None, further).await.unwrap();
    }

    async fn whatever_of_a_component_is_changed_stands_in_the_log(world: World) {
        let provider = world.provider().await;
        let (catalogue, manager) = (world.domain().catalogue(), &provider.manager);
        let draft = world.offering(&provider).unpublished().await;
        let mut disk = reserved("disk", "Disk");
        let id = catalogue.save_component(manager, draft.id, None, disk.clone()).await.unwrap();
        disk.article_code = "A-7".into();
        disk.description = "Fast".into();
        catalogue.save_component(manager, draft.id, Some(id), disk).await.unwrap();
        let events = entity::audit_event::Entity::find().filter(entity::audit_event::Column::Verb.eq("component.saved"));
        let last = events.order_by_desc(entity::audit_event::Column::Sequence).one(world.db()).await.unwrap().unwrap();
        let texts = |of: &serde_json::Value| (of["article_code"].clone(), of["description"].clone(), of["code"].clone());
        assert_eq!(texts(&last.before), ("".into(), "".into(), "disk".into()));
        assert_eq!(texts(&last.after), ("A-7".into(), "Fast".into(), "disk".into()));
    }

    async fn prices_missing_in_one_plan_are_named(world: World) {
        let provider = world.provider().await;
        let draft = world.offering(&provider).unpublished().await;
        let catalogue = world.domain().catalogue();
        catalogue.save_component(&provider.manager, draft.id, None, reserved("disk", "Disk")).await.unwrap();
        let list = catalogue.readiness(&provider.manager, draft.id).await.unwrap();
        let unmet: Vec<_> = list.iter().filter(|line| !line.met).collect();
        assert_eq!(unmet.len(), 1, "{unmet:?}");
        assert_eq!(unmet[0].requirement, Requirement::Prices);
        assert_eq!(unmet[0].detail, "Set a price for: Disk in Standard.");
    }

    async fn a_plan_that_nobody_could_order_is_neither_published_nor_added(world: World) {
        let provider = world.provider().await;
        let (catalogue, manager) = (world.domain().catalogue(), &provider.manager);
        let with_fee = async |fee: &str| {
            let fee = fee.parse().unwrap();
            world.offering(&provider).in_plan(|plan| plan.setup_fee = fee).unpublished().await
        };
        for fee in ["9223372036", "4000000000", "100000001"] {
            let draft = with_fee(fee).await;
            let refused = catalogue.publish(manager, draft.id).await.unwrap_err();
            let CatalogueError::NotReady(list) = &refused else { panic!("{refused:?}") };
            let unmet: Vec<_> = list.iter().filter(|line| !line.met).collect();
            assert_eq!((unmet.len(), unmet[0].requirement), (1, Requirement::Prices), "{fee}");
            let detail = &unmet[0].detail;
            assert!(detail.starts_with("Nobody could order the plan Standard: "), "{detail}");
            assert!(detail.ends_with("Change its prices, its setup fee, or the least amounts and terms that can be chosen."), "{detail}");
        }
        let offering = with_fee("90000000").await;
        catalogue.publish(manager, offering.id).await.unwrap();
        let mut dear = plan_of(&detail(&world, manager, &offering).await);
        (dear.name, dear.setup_fee) = ("Dear".into(), "4000000000".parse().unwrap());
        let refused = catalogue.save_plan(manager, offering.id, None, dear.clone()).await.unwrap_err();
        assert!(matches!(&refused, CatalogueError::WouldBreak(list) if list[0].requirement == Requirement::Prices), "{refused:?}");
        dear.setup_fee = "1".parse().unwrap();
        catalogue.save_plan(manager, offering.id, None, dear).await.unwrap();
    }

    async fn a_published_offering_stays_complete(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let catalogue = world.domain().catalogue();
        let before = detail(&world, &provider.manager, &offering).await;
        let empty = OfferingDraft { description: String::new(), ..draft_of(&before) };
        let refused = catalogue.revise(&provider.manager, offering.id, empty, before.revision).await.unwrap_err();
        assert!(matches!(&refused, CatalogueError::WouldBreak(list) if list.len() == 1), "{refused:?}");
        let after = detail(&world, &provider.manager, &offering).await;
        assert_eq!(before, after, "nothing half-done is left");
    }

    async fn a_paused_offering_can_be_rebuilt_and_resumes_when_complete(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let catalogue = world.domain().catalogue();
        let manager = &provider.manager;
        let add = || catalogue.save_component(manager, offering.id, None, reserved("disk", "Disk"));
        let refused = add().await.unwrap_err();
        assert!(matches!(&refused, CatalogueError::WouldBreak(_)), "it has no price yet");
        assert!(refused.problem().detail.contains("Pause it, make all changes, then resume it."));
        catalogue.pause(manager, offering.id, "Adding disks").await.unwrap();
        add().await.unwrap();
        assert!(matches!(catalogue.resume(manager, offering.id).await, Err(CatalogueError::NotReady(_))));
        let mut draft = plan_of(&detail(&world, manager, &offering).await);
        draft.prices.push(PriceDraft { component: "disk".into(), scheme: at("1") });
        catalogue.save_plan(manager, offering.id, Some(offering.plan), draft).await.unwrap();
        catalogue.resume(manager, offering.id).await.unwrap();
    }

    async fn of_two_people_who_edit_at_once_the_second_is_told(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let catalogue = world.domain().catalogue();
        let read = detail(&world, &provider.manager, &offering).await;
        let named = |name: &str| OfferingDraft { name: name.into(), ..draft_of(&read) };
        let (left, right) = tokio::join!(
            catalogue.revise(&provider.manager, offering.id, named("One"), read.revision),
            catalogue.revise(&provider.manager, offering.id, named("Two"), read.revision),
        );
        let answers = [left, right];
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert!(answers.iter().any(|answer| matches!(answer, Err(CatalogueError::ChangedMeanwhile))));
    }

    async fn faults_of_a_description_are_told_all_at_once_and_nothing_is_stored(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let catalogue = world.domain().catalogue();
        let before = detail(&world, &provider.manager, &offering).await;
        let bad = OfferingDraft {
            name: String::new(),
            summary: "x".repeat(201),
            description: "y".repeat(1_000_000),
            category: "nowhere".into(),
            audience: vec![model::OrganizationId(uuid::Uuid::max())],
            ..draft_of(&before)
        };
        let refused = catalogue.revise(&provider.manager, offering.id, bad, before.revision).await.unwrap_err();
        assert_eq!(paths(&refused), ["name", "summary", "description", "category", "audience"]);
        assert_eq!(detail(&world, &provider.manager, &offering).await, before);
    }

    async fn new_terms_have_a_new_version(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let catalogue = world.domain().catalogue();
        let read = detail(&world, &provider.manager, &offering).await;
        let same = catalogue.revise(&provider.manager, offering.id, draft_of(&read), read.revision).await.unwrap();
        assert_eq!(detail(&world, &provider.manager, &offering).await.terms_version, read.terms_version);
        let other = OfferingDraft { terms_of_service: "Be kinder.".into(), ..draft_of(&read) };
        catalogue.revise(&provider.manager, offering.id, other, same).await.unwrap();
        assert_eq!(detail(&world, &provider.manager, &offering).await.terms_version, read.terms_version + 1);
    }

    async fn a_private_offering_is_seen_by_named_organizations_and_its_provider_only(world: World) {
        let provider = world.provider().await;
        let (named, other) = (world.buyer().await, world.buyer().await);
        let offering = world.offering(&provider).only_for(&named).await;
        let project = world.project(&named).await;
        let member = world.member(&project).await;
        let catalogue = world.domain().catalogue();
        for actor in [&named.owner, &member, &provider.manager, &world.staff().await] {
            let seen = catalogue.offering(Some(actor), &offering.slug).await;
            assert!(seen.is_ok(), "{}: {seen:?}", actor.name);
        }
        for actor in [Some(&other.owner), None] {
            assert_eq!(catalogue.offering(actor, &offering.slug).await.unwrap_err().kind(), Kind::NotFound);
        }
        let audience = catalogue.offering(Some(&member), &offering.slug).await.unwrap().audience;
        assert!(audience.is_empty(), "whom else it is for is the provider's business");
    }

    async fn another_provider_neither_sees_nor_changes_a_draft(world: World) {
        let (mine, other) = (world.provider().await, world.provider().await);
        let draft = world.offering(&mine).unpublished().await;
        let catalogue = world.domain().catalogue();
        assert_eq!(catalogue.publish(&other.manager, draft.id).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(catalogue.pause(&other.manager, draft.id, "").await.unwrap_err().kind(), Kind::NotFound);
        let refused = catalogue.create_offering(&other.manager, mine.id, "Mine").await.unwrap_err();
        assert_eq!(refused.kind(), Kind::NotFound);
        let list = catalogue.provider_offerings(&other.manager, mine.id, &model::NamedList::default(), &PageRequest::default()).await;
        assert_eq!(list.unwrap_err().kind(), Kind::NotFound);
    }

    async fn a_manager_of_one_offering_reaches_only_that_one(world: World) {
        let provider = world.provider().await;
        let (one, other) = (world.offering(&provider).await, world.offering(&provider).unpublished().await);
        let manager = world.person(Role::OfferingManager, Scope::Offering(one.id)).await;
        let catalogue = world.domain().catalogue();
        catalogue.pause(&manager, one.id, "Maintenance").await.unwrap();
        assert_eq!(catalogue.publish(&manager, other.id).await.unwrap_err().kind(), Kind::NotFound);
        let list = catalogue.provider_offerings(&manager, provider.id, &model::NamedList::default(), &PageRequest::default()).await.unwrap();
        assert_eq!(list.items.iter().map(|row| row.id).collect::<Vec<_>>(), [one.id]);
    }

    async fn a_plan_that_was_taken_out_of_sale_can_be_sold_again(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let (catalogue, manager) = (world.domain().catalogue(), &provider.manager);
        let refused = catalogue.archive_plan(manager, offering.id, offering.plan).await.unwrap_err().problem();
        assert_eq!((refused.code.as_str(), refused.fields[0].path.as_str()), ("would_break", "plan"));
        assert!(refused.detail.starts_with("Nothing was changed"), "{}", refused.detail);
        catalogue.pause(manager, offering.id, "Other plans").await.unwrap();
        catalogue.archive_plan(manager, offering.id, offering.plan).await.unwrap();
        assert!(catalogue.resume(manager, offering.id).await.is_err(), "nothing can be ordered");
        catalogue.restore_plan(manager, offering.id, offering.plan).await.unwrap();
        catalogue.resume(manager, offering.id).await.unwrap();
        let seen = catalogue.offering(None, &offering.slug).await.unwrap();
        assert_eq!(seen.plans.iter().map(|plan| (plan.id, plan.archived)).collect::<Vec<_>>(), [(offering.plan, false)]);
    }

    async fn a_paused_offering_says_why_and_resumes(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let catalogue = world.domain().catalogue();
        let refused = catalogue.pause(&provider.manager, offering.id, " ").await.unwrap_err();
        assert_eq!(paths(&refused), ["reason"]);
        catalogue.pause(&provider.manager, offering.id, "Maintenance until Friday").await.unwrap();
        let seen = catalogue.offering(None, &offering.slug).await.unwrap();
        assert_eq!((seen.summary.state, seen.state_reason.as_str()), (OfferingState::Paused, "Maintenance until Friday"));
        assert_eq!(catalogue.publish(&provider.manager, offering.id).await.unwrap_err().kind(), Kind::Conflict);
        catalogue.resume(&provider.manager, offering.id).await.unwrap();
        catalogue.archive(&provider.manager, offering.id).await.unwrap();
        assert_eq!(catalogue.offering(None, &offering.slug).await.unwrap_err().kind(), Kind::NotFound);
        let gone = catalogue.archive_plan(&provider.manager, offering.id, offering.plan).await.unwrap_err();
        assert!(matches!(gone, CatalogueError::Archived));
    }

    async fn components_are_checked_and_their_codes_unique(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).unpublished().await;
        let catalogue = world.domain().catalogue();
        let mut bad = ComponentDraft { description: "x".repeat(501), ..reserved("cpu", "CPU") };
        bad.terms.name = String::new();
        bad.terms.min = Some(model::Fixed::from(5));
        bad.terms.max = Some(model::Fixed::from(2));
        bad.terms.overage_component = Some("gpu".into());
        let refused = catalogue.save_component(&provider.manager, offering.id, None, bad).await.unwrap_err();
        let expected = ["terms.name", "description", "terms.max", "terms.code", "terms.overage_component"];
        assert_eq!(paths(&refused), expected);
    }

    async fn the_code_of_a_component_stays_once_a_resource_exists(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        world.order(&buyer.owner, &project, &offering).await;
        world.run_jobs().await;
        let catalogue = world.domain().catalogue();
        let held = detail(&world, &provider.manager, &offering).await.components[0].clone();
        let mut draft = ComponentDraft { terms: held.terms, description: "New words".into(), article_code: String::new() };
        let save = |draft: ComponentDraft| catalogue.save_component(&provider.manager, offering.id, Some(held.id), draft);
        save(draft.clone()).await.unwrap();
        draft.terms.code = "cores".into();
        assert!(matches!(save(draft).await.unwrap_err(), CatalogueError::InUse { .. }));
        let gone = catalogue.remove_component(&provider.manager, offering.id, held.id).await.unwrap_err();
        assert!(matches!(gone, CatalogueError::InUse { .. }));
    }

    async fn a_price_in_use_is_followed_by_a_new_version_and_never_edited(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        world.order(&buyer.owner, &project, &offering).await;
        world.run_jobs().await;
        let catalogue = world.domain().catalogue();
        let first = detail(&world, &provider.manager, &offering).await;
        let mut draft = plan_of(&first);
        draft.prices[0].scheme = at("12");
        let save = |draft: PlanDraft| catalogue.save_plan(&provider.manager, offering.id, Some(offering.plan), draft);
        draft.valid_from = Some("2026-02-09".parse().unwrap());
        assert_eq!(paths(&save(draft.clone()).await.unwrap_err()), ["valid_from"], "not in the past");
        draft.valid_from = Some("2026-03-01".parse().unwrap());
        save(draft.clone()).await.unwrap();
        let seen = detail(&world, &provider.manager, &offering).await;
        assert_eq!(seen.plans[0].prices, first.plans[0].prices, "not yet in force");
        assert_eq!(seen.plans[0].changes[0].text, "€12.00 per CPU");
        draft.prices[0].scheme = at("13");
        save(draft.clone()).await.unwrap();
        world.clock().set("2026-03-01T00:00:00Z");
        let later = detail(&world, &provider.manager, &offering).await.plans[0].prices[0].clone();
        assert_eq!(later.price.scheme, at("13"), "a price to come was replaced, not stacked");
        assert_ne!(later.id, first.plans[0].prices[0].id);
        assert_eq!(versions(&world, &offering).await, [at("10"), at("13")]);
        draft.currency = model::Currency::Usd;
        draft.valid_from = None;
        assert!(matches!(save(draft).await.unwrap_err(), CatalogueError::InUse { .. }));
    }

    async fn a_price_that_nobody_used_is_simply_replaced(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let catalogue = world.domain().catalogue();
        let read = detail(&world, &provider.manager, &offering).await;
        let mut draft = plan_of(&read);
        draft.prices[0].scheme = at("11");
        catalogue.save_plan(&provider.manager, offering.id, Some(offering.plan), draft).await.unwrap();
        assert_eq!(versions(&world, &offering).await, [at("11")]);
        let price = detail(&world, &provider.manager, &offering).await.plans[0].prices[0].clone();
        assert_eq!((price.text.as_str(), price.starts_at), ("€11.00 per CPU", domain::Clock::now(world.clock())));
    }

    async fn what_one_process_keeps_in_memory_gives_way_to_the_change_of_another(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let other = world.second_process().domain().catalogue();
        let all = PageRequest::default();
        let seen = async || {
            let page = other.search(None, &CatalogueSearch::default(), &all).await.unwrap();
            let whole = other.offering(None, &offering.slug).await.unwrap();
            (page.items[0].price_from.clone(), whole.plans[0].prices[0].text.clone())
        };
        let first = seen().await;
        assert_eq!(seen().await, first);
        let mut draft = plan_of(&detail(&world, &provider.manager, &offering).await);
        draft.prices[0].scheme = at("11");
        let catalogue = world.domain().catalogue();
        catalogue.save_plan(&provider.manager, offering.id, Some(offering.plan), draft).await.unwrap();
        assert_eq!(seen().await, ("from €11.00 per CPU and month".to_owned(), "€11.00 per CPU".to_owned()));
    }

    async fn faults_of_a_plan_are_told_all_at_once(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let catalogue = world.domain().catalogue();
        let read = detail(&world, &provider.manager, &offering).await;
        let mut draft = plan_of(&read);
        draft.setup_fee = model::Fixed::from(-1);
        draft.prices[0].scheme = at("-1");
        draft.prices.push(PriceDraft { component: "nothing".into(), scheme: at("1") });
        let refused = catalogue.save_plan(&provider.manager, offering.id, None, draft).await.unwrap_err();
        assert_eq!(paths(&refused), ["name", "setup_fee", "prices.cpu", "prices.nothing"]);
    }

    async fn a_request_form_with_faults_is_refused_with_their_places(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let read = detail(&world, &provider.manager, &offering).await;
        let twice = || Field::new("shell", "Shell", FieldKind::string());
        let form = Schema::new(vec![twice(), twice()]);
        let catalogue = world.domain().catalogue();
        let refused = catalogue.set_request_form(&provider.manager, offering.id, &form, read.revision).await.unwrap_err();
        assert!(paths(&refused).iter().all(|path| path.starts_with("request_form")), "{:?}", paths(&refused));
    }
}

async fn versions(world: &World, offering: &Offering) -> Vec<PriceScheme> {
    let rows = entity::plan_price::Entity::find_of_plans([offering.plan])
        .all(world.db())
        .await
        .unwrap();
    rows.iter().map(|row| row.price_scheme().unwrap()).collect()
}
