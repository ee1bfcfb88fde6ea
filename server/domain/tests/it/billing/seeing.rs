//! Who sees what: invoices, PDFs, running costs, sums of the month.

use std::sync::atomic::Ordering;

use domain::DomainError;
use domain::billing::InvoiceFilter;
use model::{Kind, Money, PageRequest, Role, Scope};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, fixed, parsed};
use crate::queries::counted;

async fn issued(world: &World) -> (Deal<'_>, model::InvoiceDocument) {
    let deal = Deal::selling(
        world,
        "2025-06-01T08:00:00Z",
        vec![Sold::every_period("base").at("30")],
    )
    .await;
    deal.runs("2025-06-01T09:00:00Z", &[]).await;
    deal.closes("2025-07-01T00:00:00Z", "2025-06").await;
    let document = deal.invoice("2025-06").await.unwrap();
    (deal, document)
}

both_engines! {
    async fn buyers_accountants_and_the_provider_see_an_invoice_and_nobody_else_does(world: World) {
        let (deal, document) = issued(&world).await;
        let billing = world.domain().billing();
        let staff = world.staff().await;
        for actor in [&deal.buyer.owner, &world.accountant(&deal.buyer).await, &deal.provider.manager, &staff] {
            assert_eq!(billing.invoice(actor, document.id).await.unwrap(), document);
            let page = billing.invoices(actor, &InvoiceFilter::default(), PageRequest::default()).await.unwrap();
            assert_eq!(page.items.len(), 1);
            assert_eq!(page.items[0].organization_name, deal.buyer.name);
            assert_eq!(page.items[0].provider_name, "Tartu");
        }
        let other_provider = world.provider().await;
        let other = world.buyer().await;
        for actor in [&other.owner, &other_provider.manager, &world.member(&deal.project).await, &world.stranger().await] {
            assert_eq!(DomainError::from(billing.invoice(actor, document.id).await.unwrap_err()).kind(), Kind::NotFound);
            assert_eq!(DomainError::from(billing.pdf(actor, document.id).await.unwrap_err()).kind(), Kind::NotFound);
            let page = billing.invoices(actor, &InvoiceFilter::default(), PageRequest::default()).await.unwrap();
            assert_eq!(page.items, []);
        }
    }

    async fn a_pdf_is_there_once_it_was_drawn(world: World) {
        let (deal, document) = issued(&world).await;
        let billing = world.domain().billing();
        assert_eq!(world.operations().billing().document(document.id).await.unwrap(), document, "what is drawn is what the page shows");
        assert_eq!(billing.pdf(&deal.buyer.owner, document.id).await.unwrap(), None);
        for bytes in [b"first".to_vec(), b"again".to_vec()] {
            world.operations().billing().store_pdf(document.id, bytes.clone()).await.unwrap();
            let pdf = billing.pdf(&deal.buyer.owner, document.id).await.unwrap().unwrap();
            assert_eq!((pdf.file_name.as_str(), pdf.bytes), ("TARTU-2025-00001.pdf", bytes));
        }
        assert!(billing.invoice(&deal.buyer.owner, document.id).await.unwrap().has_pdf);
    }

    async fn an_open_invoice_has_no_pdf(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        deal.runs("2025-06-01T09:00:00Z", &[]).await;
        world.clock().set("2025-06-02T09:00:00Z");
        let billing = world.operations().billing();
        billing.accrue_open().await.unwrap();
        let open = deal.invoice("2025-06").await.unwrap();
        billing.store_pdf(open.id, vec![1]).await.unwrap_err();
    }

    async fn the_running_cost_grows_with_the_days(world: World) {
        let sold = vec![Sold::every_period("base").at("30"), Sold::used("cpu", "CPU-hour").at("0.5")];
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", sold).await;
        let resource = deal.runs("2025-06-01T09:00:00Z", &[]).await;
        let billing = world.domain().billing();
        let member = world.member(&deal.project).await;
        world.clock().set("2025-06-10T09:00:00Z");
        deal.used(resource, "a", ("2025-06-09T00:00:00Z", "2025-06-10T00:00:00Z"), "3").await;
        let cost = billing.running_cost(&member, resource).await.unwrap();
        assert_eq!(cost.net.plain(), "11.50", "ten days and three hours");
        assert_eq!(cost.lines.len(), 2);
        billing.running_cost(&world.stranger().await, resource).await.unwrap_err();
    }

    async fn spending_is_summed_over_what_one_sees(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        deal.runs("2025-06-01T09:00:00Z", &[]).await;
        let second = world.project(&deal.buyer).await;
        world.order(&deal.buyer.owner, &second, &deal.offering).fulfilled().await;
        world.clock().set("2025-06-15T09:00:00Z");
        let billing = world.domain().billing();
        world.operations().billing().accrue_open().await.unwrap();
        let eur = |amount: &str| Money::from_fixed(fixed(amount), model::Currency::Eur).rounded();
        let owner = billing.spend(&deal.buyer.owner, None).await.unwrap();
        assert_eq!(owner.totals, [eur("30")]);
        assert_eq!(owner.projects.len(), 2);
        world.clock().set("2025-06-15T09:04:00Z");
        let later = billing.spend(&deal.buyer.owner, None).await.unwrap();
        assert_eq!(later.as_of, Some("2025-06-15T09:00:00Z".parse().unwrap()), "when it was computed, not when it is read");
        let member = world.member(&second).await;
        let own = billing.spend(&member, None).await.unwrap();
        assert_eq!((own.totals.clone(), own.projects[0].project_id), (vec![eur("15")], second.id));
        let organization = Scope::Organization(deal.buyer.id);
        assert_eq!(billing.spend(&member, Some(organization)).await.unwrap().totals, [eur("15")], "of what one sees");
        assert_eq!(billing.spend(&world.stranger().await, Some(organization)).await.unwrap().totals, []);
        assert_eq!(billing.spend(&world.stranger().await, None).await.unwrap().as_of, None);
    }

    async fn who_sees_all_projects_of_an_organization_is_told_what_they_cost(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        deal.runs("2025-06-01T09:00:00Z", &[]).await;
        world.clock().set("2025-06-15T09:00:00Z");
        world.operations().billing().accrue_open().await.unwrap();
        let billing = world.domain().billing();
        let (organization, project) = (Scope::Organization(deal.buyer.id), Scope::Project(deal.project.id));
        let manager = world.person(Role::OrganizationManager, organization).await;
        let support = world.person(Role::Support, Scope::System).await;
        let readers = [&deal.buyer.owner, &world.accountant(&deal.buyer).await, &manager, &support];
        for reader in readers {
            for scope in [None, Some(organization), Some(project)] {
                let spend = billing.spend(reader, scope).await.unwrap();
                let told: Vec<_> = spend.totals.iter().copied().map(Money::plain).collect();
                assert_eq!((told, spend.projects.len()), (vec!["15.00".to_owned()], 1), "{} {scope:?}", reader.name);
            }
        }
        let elsewhere = world.person(Role::OrganizationManager, Scope::Organization(world.buyer().await.id)).await;
        for scope in [None, Some(organization), Some(project)] {
            assert_eq!(billing.spend(&elsewhere, scope).await.unwrap().totals, []);
        }
    }

    async fn invoices_page_by_month(world: World) {
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        deal.runs("2025-01-01T09:00:00Z", &[]).await;
        for month in 1..=5 {
            deal.closes(&format!("2025-{:02}-01T00:00:00Z", month + 1), &format!("2025-{month:02}")).await;
        }
        let billing = world.domain().billing();
        let mut request = PageRequest::first(2);
        let mut months = Vec::new();
        loop {
            let page = billing.invoices(&deal.buyer.owner, &InvoiceFilter::default(), request.clone()).await.unwrap();
            months.extend(page.items.iter().map(|row| row.month.to_string()));
            let Some(next) = page.next else { break };
            request.cursor = Some(next);
        }
        assert_eq!(months, ["2025-05", "2025-04", "2025-03", "2025-02", "2025-01"]);
    }

    async fn lists_documents_and_costs_take_as_many_statements_for_many_lines_as_for_few(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        let (operations, count) = counted(&world);
        let mut costs = Vec::new();
        for more in [1, 6] {
            for _ in 0..more {
                deal.runs("2025-06-01T09:00:00Z", &[]).await;
            }
            world.clock().set("2025-06-15T09:00:00Z");
            let billing = operations.domain().billing();
            operations.billing().accrue(parsed("2025-06"), deal.buyer.id, deal.provider.id).await.unwrap();
            let owner = &deal.buyer.owner;
            count.store(0, Ordering::Relaxed);
            let page = billing.invoices(owner, &InvoiceFilter::default(), PageRequest::default()).await.unwrap();
            let list = count.swap(0, Ordering::Relaxed);
            let document = billing.invoice(owner, page.items[0].id).await.unwrap();
            let invoice = count.swap(0, Ordering::Relaxed);
            billing.spend(owner, None).await.unwrap();
            let spend = count.swap(0, Ordering::Relaxed);
            operations.billing().accrue(document.month, deal.buyer.id, deal.provider.id).await.unwrap();
            costs.push((document.lines.len(), list, invoice, spend, count.swap(0, Ordering::Relaxed)));
        }
        let [few, many] = costs[..] else { panic!("{costs:?}") };
        assert_eq!((few.0, many.0), (1, 7));
        // An open document asks for what stands on the account, and for what is issued before it.
        assert_eq!((few.1, few.2, few.3), (2, 4, 1));
        assert_eq!((many.1, many.2, many.3, many.4), (few.1, few.2, few.3, few.4));
    }
}
