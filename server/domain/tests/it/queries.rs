//! How many statements a page costs: the same however many rows there are; and that none reads a large table to find a few rows.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use domain::actions::ActionFilter;
use domain::{Actor, Cipher, Clock, Domain, Operations};
use model::{ActionState, CatalogueSearch, Month, PageRequest, ResourceId, Scope};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};
use testkit::{World, both_engines};

/// Tables that grow with every order, every month or everything that happens.
const LARGE: [&str; 10] = [
    "account_entries",
    "resources",
    "resource_actions",
    "orders",
    "resource_intervals",
    "invoices",
    "invoice_items",
    "usage_days",
    "usage_events",
    "audit_events",
];

/// Services over the world's database that count their statements.
pub(crate) fn counted(world: &World) -> (Operations, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let operations = watched(world, move |_| {
        seen.fetch_add(1, Ordering::Relaxed);
    });
    (operations, count)
}

/// Services over the world's database that show their statements.
fn watched(world: &World, see: impl Fn(&Statement) + Send + Sync + 'static) -> Operations {
    let mut db = world.db().clone();
    db.set_metric_callback(move |info| see(info.statement));
    Operations::new(
        db,
        Arc::new(world.clock().clone()),
        Cipher::new("the secret of a test"),
    )
}

/// What is read with every page, and of each pair every day.
async fn read_what_is_read_often(operations: &Operations, people: &[&Actor], resource: ResourceId) {
    let (domain, first) = (operations.domain(), PageRequest::first(20));
    for person in people {
        domain
            .provisioning()
            .resources(
                person,
                &domain::provisioning::ResourceFilter::default(),
                first.clone(),
            )
            .await
            .unwrap();
        domain
            .ordering()
            .orders(person, &domain::ordering::OrderFilter::default(), first.clone())
            .await
            .unwrap();
        domain.provisioning().resource(person, resource).await.unwrap();
        domain.billing().running_cost(person, resource).await.unwrap();
        read_actions(domain, person, resource).await;
    }
}

/// What pages show of actions of a resource, and of those that a provider does by hand.
async fn read_actions(domain: &Domain, person: &Actor, resource: ResourceId) {
    let actions = domain.actions();
    actions.of_resource(person, resource, &[]).await.unwrap();
    actions.last_of(person, resource, 5).await.unwrap();
    let provider = person.grants.iter().find_map(|grant| match grant.scope {
        Scope::Provider(id) => Some(id),
        _ => None,
    });
    let waiting = ActionFilter {
        sold_by: provider,
        states: vec![ActionState::Waiting],
        by_hand: true,
        ..ActionFilter::default()
    };
    if provider.is_some() {
        let first = PageRequest::first(20);
        actions.list(person, &waiting, &first).await.unwrap();
    }
}

/// How SQLite finds the rows of a statement.
async fn plan_of(world: &World, statement: &Statement) -> String {
    let asked = Statement {
        sql: format!("EXPLAIN QUERY PLAN {}", statement.sql),
        ..statement.clone()
    };
    let rows = world.db().query_all_raw(asked).await.unwrap();
    let steps = rows
        .iter()
        .map(|row| row.try_get::<String>("", "detail").unwrap());
    steps.collect::<Vec<_>>().join("; ")
}

both_engines! {
    async fn a_page_of_the_catalogue_costs_the_same_with_more_offerings(world: World) {
        let provider = world.provider().await;
        let (operations, count) = counted(&world);
        let domain = operations.domain();
        let owner = world.buyer().await.owner;
        let search = CatalogueSearch { category: Some("compute".into()), q: "offering".into(), count: true, ..Default::default() };
        let mut costs = Vec::new();
        for _ in 0..2 {
            for _ in 0..4 {
                world.offering(&provider).await;
            }
            count.store(0, Ordering::Relaxed);
            let page = domain.catalogue().search(Some(&owner), &search, &PageRequest::first(100)).await.unwrap();
            costs.push((count.load(Ordering::Relaxed), page.items.len()));
        }
        assert_eq!(costs, [(4, 4), (4, 8)]);
    }

    async fn an_offering_costs_at_most_seven_statements_and_two_once_it_is_known(world: World) {
        let provider = world.provider().await;
        let named = world.buyer().await;
        let shared = world.offering(&provider).await;
        let private = world.offering(&provider).only_for(&named).await;
        let (operations, count) = counted(&world);
        let domain = operations.domain();
        for (actor, offering) in [
            (None, &shared),
            (Some(&named.owner), &private),
            (Some(&provider.manager), &private),
        ] {
            count.store(0, Ordering::Relaxed);
            domain.catalogue().offering(actor, &offering.slug).await.unwrap();
            let cost = count.load(Ordering::Relaxed);
            assert!(cost <= 7, "{cost}");
            count.store(0, Ordering::Relaxed);
            domain.catalogue().offering(actor, &offering.slug).await.unwrap();
            let cost = count.load(Ordering::Relaxed);
            assert!(cost <= 2, "{cost} for what is known");
        }
    }

    async fn lists_of_organizations_and_projects_cost_two_statements(world: World) {
        let buyer = world.buyer().await;
        let (operations, count) = counted(&world);
        let domain = operations.domain();
        for _ in 0..3 {
            world.project(&buyer).await;
            count.store(0, Ordering::Relaxed);
            domain.structure().projects(&buyer.owner, None, &model::NamedList::default(), &PageRequest::default()).await.unwrap();
            assert_eq!(count.swap(0, Ordering::Relaxed), 2);
            domain.structure().organizations(&buyer.owner, "", &model::NamedList::default(), &PageRequest::default()).await.unwrap();
            assert_eq!(count.swap(0, Ordering::Relaxed), 2);
        }
        let rows = entity::project::Entity::find().all(world.db()).await.unwrap();
        assert_eq!(rows.len(), 3);
    }

    async fn what_is_read_often_reads_no_large_table_to_find_a_few_rows(world: World) {
        // How PostgreSQL finds rows follows from how many there are.
        if world.db().get_database_backend() != DbBackend::Sqlite {
            return;
        }
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let (offering, project) = (world.offering(&provider).await, world.project(&buyer).await);
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let statements = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&statements);
        let operations = watched(&world, move |statement| {
            if statement.sql.starts_with("SELECT") {
                seen.lock().unwrap().push(statement.clone());
            }
        });
        let member = world.member(&project).await;
        for person in [&buyer.owner, &provider.manager] {
            operations.domain().billing().accounts(person, None, PageRequest::default()).await.unwrap();
        }
        operations.billing().accrue(Month::containing(world.clock().now().date_naive()), buyer.id, provider.id).await.unwrap();
        read_what_is_read_often(&operations, &[&buyer.owner, &provider.manager, &member], resource).await;
        world.leaves_jobs();
        let statements = std::mem::take(&mut *statements.lock().unwrap());
        let (mut wrong, mut all) = (Vec::new(), String::new());
        for statement in &statements {
            let plan = plan_of(&world, statement).await;
            let mut large = LARGE.iter();
            if large.any(|table| plan.contains(&format!("SCAN {table}"))) {
                wrong.push(format!("{plan}\n  {}", statement.sql));
            }
            all.push_str(&plan);
        }
        // What a buyer has from a provider is found by both, and its document of a month by all three.
        for found in [
            "resources USING INDEX ix_resources_organization_id_provider_id (organization_id=? AND provider_id=?)",
            "invoices USING INDEX ux_invoices_organization_id_provider_id_month_currency (organization_id=? AND provider_id=? AND month=?)",
        ] {
            assert!(all.contains(found), "{found} in {all}");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
