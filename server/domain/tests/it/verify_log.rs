//! The check against the audit log: what was issued, ordered, published, decided or reported and edited afterwards is found,
//! though everything else was made to fit.

use entity::{
    approval_step, invoice, invoice_item, invoice_pdf, offering_terms, order, order_decision, organization,
    organization_version, plan_price, plan_terms, project, resource, role_grant, usage_day, usage_event,
};
use model::{Fixed, InvoiceState, OrganizationId, StepState};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    Set,
};
use testkit::{World, both_engines};

use crate::verify::{findings, lived};

/// Whether one of the findings says so.
async fn is_told(world: &World, text: &str) -> bool {
    let found = findings(world).await;
    let told = found.iter().any(|finding| finding.text == text);
    assert!(told, "{text}: {found:#?}");
    told
}

/// As somebody with the keys of the database would: nothing guards what is issued.
async fn without_guards(world: &World) {
    let undone: &[&str] = match world.db().get_database_backend() {
        sea_orm::DbBackend::Postgres => &[
            "alter table invoices disable trigger user",
            "alter table invoice_items disable trigger user",
        ],
        _ => &[
            "drop trigger invoices_stay_issued",
            "drop trigger invoice_items_stay_as_issued",
            "drop trigger invoices_stay",
            "drop trigger invoice_items_stay",
        ],
    };
    for statement in undone {
        world.db().execute_unprepared(statement).await.unwrap();
    }
}

async fn issued(world: &World) -> invoice::Model {
    let issued = invoice::Entity::find().filter(invoice::Column::State.eq(InvoiceState::Issued));
    issued
        .order_by_asc(invoice::Column::Month)
        .one(world.db())
        .await
        .unwrap()
        .unwrap()
}

type ChangeOfRole = fn(&mut role_grant::ActiveModel);

const CHANGED: &str = "it is not what was issued: something on it was changed since";
const NOT_ORDERED: &str = "it is not what was ordered: something of it was changed since";
const NOT_LOGGED: &str = "who approved or refused it, or with which words, is not what the log says";

both_engines! {
    async fn words_of_a_line_that_was_issued_and_edited_are_found(world: World) {
        lived(&world).await;
        without_guards(&world).await;
        let document = issued(&world).await;
        let sound = invoice_item::Entity::find_of_invoice(document.id).one(world.db()).await.unwrap().unwrap();
        let changes: [fn(&mut invoice_item::ActiveModel); 5] = [
            |row| row.project_name = Set("Another".into()),
            |row| row.resource_name = Set("Another".into()),
            |row| row.position = Set(9),
            |row| row.project_id = Set(None),
            |row| row.article_code = Set("X".into()),
        ];
        for change in changes {
            let mut row = sound.clone().into_active_model();
            change(&mut row);
            row.update(world.db()).await.unwrap();
            is_told(&world, CHANGED).await;
            sound.clone().into_active_model().reset_all().update(world.db()).await.unwrap();
        }
        assert_eq!(findings(&world).await, []);
    }

    async fn a_tax_that_was_rewritten_with_all_its_sums_is_found(world: World) {
        lived(&world).await;
        without_guards(&world).await;
        let sound = issued(&world).await;
        let mut taxes = sound.taxes.clone();
        taxes[0]["rate"]["reverse_charge"] = true.into();
        taxes[0]["tax"]["amount"] = "0.00".into();
        let row = invoice::ActiveModel {
            id: Set(sound.id),
            reverse_charge: Set(true),
            tax_percent: Set(Fixed::ZERO),
            tax: Set(Fixed::ZERO),
            taxes: Set(taxes),
            total: Set(sound.net),
            ..Default::default()
        };
        row.update(world.db()).await.unwrap();
        is_told(&world, "its tax is reverse charge, but 22 % was in force for 2025-01").await;
        is_told(&world, CHANGED).await;
    }

    async fn a_document_that_nobody_issued_is_found(world: World) {
        lived(&world).await;
        let row = issued(&world).await;
        let copy = invoice::Model {
            id: model::InvoiceId(uuid::Uuid::from_u128(1)),
            month: "2024-01".parse().unwrap(),
            number: Some("TARTU-2024-00001".into()),
            ..row
        };
        invoice::Entity::insert(copy.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        is_told(&world, "by the log, nobody issued it").await;
    }

    async fn a_pdf_that_was_exchanged_with_its_fingerprint_is_found(world: World) {
        lived(&world).await;
        let id = issued(&world).await.id;
        world.operations().billing().store_pdf(id, vec![1]).await.unwrap();
        assert_eq!(findings(&world).await, []);
        let bytes = b"%PDF-1.7 of somebody else".to_vec();
        let sha256 = domain::crypto::sha256_hex(&bytes);
        let row = invoice_pdf::ActiveModel { invoice_id: Set(id), bytes: Set(bytes), sha256: Set(sha256), ..Default::default() };
        row.update(world.db()).await.unwrap();
        is_told(&world, "its PDF is not the one that was drawn").await;
    }

    async fn an_order_that_was_edited_after_it_was_placed_is_found(world: World) {
        lived(&world).await;
        let sound = order::Entity::find().order_by_asc(order::Column::Id).one(world.db()).await.unwrap().unwrap();
        let changes: [fn(&mut order::ActiveModel); 6] = [
            |row| row.request_form = Set(Some(serde_json::json!({ "fields": [] }))),
            |row| row.quote = Set(None),
            |row| row.binding = Set(None),
            |row| row.limits = Set(serde_json::json!({ "disk": "7" })),
            |row| row.end_date = Set("2026-01-01".parse().ok()),
            |row| row.accepted_terms = Set(Some(9)),
        ];
        for change in changes {
            let mut row = sound.clone().into_active_model();
            change(&mut row);
            row.update(world.db()).await.unwrap();
            is_told(&world, NOT_ORDERED).await;
            sound.clone().into_active_model().reset_all().update(world.db()).await.unwrap();
        }
        assert_eq!(findings(&world).await, []);
    }

    async fn a_decision_that_was_edited_deleted_or_made_up_is_found(world: World) {
        let deal = lived(&world).await;
        let member = world.member(&deal.project).await;
        let placed = world.order(&member, &deal.project, &deal.offering).await;
        world.domain().ordering().approve(&deal.buyer.owner, placed, "go on").await.unwrap();
        assert_eq!(findings(&world).await, []);
        let sound = order_decision::Entity::find_of_order(placed).all(world.db()).await.unwrap();
        let by_person = sound.iter().find(|row| row.user_id.is_some()).unwrap();
        let steps = approval_step::Entity::find_of_order(placed).all(world.db()).await.unwrap();
        let rule = steps.iter().find(|row| row.state == StepState::Skipped).unwrap();
        let words = order_decision::ActiveModel { id: Set(by_person.id), comment: Set("not at all".into()), ..Default::default() };
        words.update(world.db()).await.unwrap();
        is_told(&world, NOT_LOGGED).await;
        by_person.clone().into_active_model().reset_all().update(world.db()).await.unwrap();
        approval_step::Entity::delete_by_id(rule.id).exec(world.db()).await.unwrap();
        is_told(&world, "it went on though a side did not let it pass").await;
        approval_step::Entity::insert(rule.clone().into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        for (change, told) in [
            (approval_step::ActiveModel { needed: Set(2), ..Default::default() }, "it went on though a side did not let it pass"),
            (
                approval_step::ActiveModel { state: Set(StepState::Open), ..Default::default() },
                "the step that is asked now is not one of the side whose turn it is",
            ),
        ] {
            let approved = steps.iter().find(|row| row.state == StepState::Approved).unwrap();
            approval_step::ActiveModel { id: Set(approved.id), ..change }.update(world.db()).await.unwrap();
            is_told(&world, told).await;
            approved.clone().into_active_model().reset_all().update(world.db()).await.unwrap();
        }
        assert_eq!(findings(&world).await, []);
        let made_up = order_decision::Model { id: uuid::Uuid::from_u128(7), comment: "me too".into(), ..by_person.clone() };
        order_decision::Entity::insert(made_up.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        is_told(&world, NOT_LOGGED).await;
    }

    async fn terms_and_prices_that_were_edited_after_they_were_published_are_found(world: World) {
        lived(&world).await;
        let sound = plan_terms::Entity::find().one(world.db()).await.unwrap().unwrap();
        let changes: [fn(&mut plan_terms::ActiveModel); 3] = [
            |row| row.notice_days = Set(Some(0)),
            |row| row.notice_days = Set(None),
            |row| row.billing_period = Set(model::BillingPeriod::Quarter),
        ];
        for change in changes {
            let mut row = sound.clone().into_active_model();
            change(&mut row);
            row.update(world.db()).await.unwrap();
            is_told(&world, "it is not as it was published: its terms or its first instant were changed").await;
            sound.clone().into_active_model().reset_all().update(world.db()).await.unwrap();
        }
        let prices = plan_price::Entity::find().all(world.db()).await.unwrap();
        let used = prices.into_iter().find(|row| row.sort_price < Fixed::ONE).unwrap();
        let mut row = used.into_active_model();
        row.scheme = Set(serde_json::json!(model::PriceScheme::PerUnit { price: Fixed::ONE }));
        row.update(world.db()).await.unwrap();
        is_told(&world, "it is not as it was published: its amount, period or first instant was changed").await;
        let found = findings(&world).await;
        assert!(found.iter().any(|finding| finding.text.ends_with("which is not its price")), "the lines of use: {found:#?}");
    }

    async fn terms_and_prices_that_nobody_published_are_found(world: World) {
        lived(&world).await;
        let starts_at = "2025-12-01T00:00:00Z".parse().unwrap();
        let terms = plan_terms::Entity::find().one(world.db()).await.unwrap().unwrap();
        let (id, version) = (model::TermsId(uuid::Uuid::from_u128(7)), terms.version + 1);
        let made_up = plan_terms::Model { id, version, starts_at, setup_fee: Fixed::ZERO, ..terms };
        plan_terms::Entity::insert(made_up.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        is_told(&world, "by the log, nobody published it").await;
        plan_terms::Entity::delete_by_id(id).exec(world.db()).await.unwrap();
        assert_eq!(findings(&world).await, []);
        let price = plan_price::Entity::find().one(world.db()).await.unwrap().unwrap();
        let (id, version) = (model::PriceId(uuid::Uuid::from_u128(7)), price.version + 1);
        let made_up = plan_price::Model { id, version, starts_at, ..price };
        plan_price::Entity::insert(made_up.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        is_told(&world, "by the log, nobody published it").await;
    }

    async fn a_move_to_a_zone_that_nobody_set_is_found(world: World) {
        let deal = lived(&world).await;
        let told = "it has moved or will move to a time zone that nobody set";
        let sound = organization::Entity::find_by_id(deal.buyer.id).one(world.db()).await.unwrap().unwrap();
        let mut zones = sound.zones.0.clone();
        zones.push(model::ZoneSince { from: Some("2099-06".parse().unwrap()), name: "Asia/Tokyo".into() });
        let mut row = sound.into_active_model();
        row.zones = Set(organization::StoredZones(zones));
        row.update(world.db()).await.unwrap();
        is_told(&world, told).await;
    }

    async fn the_last_document_of_a_series_that_is_gone_with_its_number_is_found(world: World) {
        lived(&world).await;
        without_guards(&world).await;
        let numbered = invoice::Entity::find().filter(invoice::Column::Number.is_not_null());
        let last = numbered.order_by_desc(invoice::Column::Number).one(world.db()).await.unwrap().unwrap();
        invoice_item::Entity::delete_many().filter(invoice_item::Column::InvoiceId.eq(last.id)).exec(world.db()).await.unwrap();
        for statement in [
            "DELETE FROM invoice_pdfs".to_owned(),
            format!("DELETE FROM invoices WHERE number = '{}'", last.number.clone().unwrap()),
            "UPDATE invoice_series SET next = next - 1".to_owned(),
        ] {
            world.db().execute_unprepared(&statement).await.unwrap();
        }
        is_told(&world, "by the log it was issued, but it is not there").await;
    }

    async fn terms_of_service_that_were_edited_or_deleted_are_found(world: World) {
        let deal = lived(&world).await;
        let of_offering = offering_terms::Entity::find_of_offering(deal.offering.id);
        let sound = of_offering.one(world.db()).await.unwrap().unwrap();
        let mut row = sound.clone().into_active_model();
        row.text = Set("You pay double.".into());
        row.update(world.db()).await.unwrap();
        is_told(&world, "they do not read as they were saved").await;
        offering_terms::Entity::delete_many().exec(world.db()).await.unwrap();
        is_told(&world, "they are gone").await;
        offering_terms::Entity::insert(sound.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
    }

    async fn roles_that_nobody_granted_or_that_were_edited_are_found(world: World) {
        let deal = lived(&world).await;
        let member = world.member(&deal.project).await;
        let held = role_grant::Entity::find().filter(role_grant::Column::UserId.eq(member.user_id));
        let sound = held.one(world.db()).await.unwrap().unwrap();
        let made_up = role_grant::Model {
            id: model::GrantId(uuid::Uuid::from_u128(7)),
            role: model::Role::Staff,
            scope_kind: role_grant::ScopeKind::System,
            scope_id: None,
            ..sound.clone()
        };
        let id = made_up.id;
        role_grant::Entity::insert(made_up.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        is_told(&world, "by the log, nobody granted it").await;
        role_grant::Entity::delete_by_id(id).exec(world.db()).await.unwrap();
        let edited = "it is not what was granted: its role, its place or its person was changed";
        let changes: [(ChangeOfRole, &str); 4] = [
            (|row| row.role = Set(model::Role::ProjectAdmin), edited),
            (|row| row.scope_id = Set(Some(uuid::Uuid::from_u128(7))), edited),
            (|row| row.expires_at = Set(Some("2099-01-01T00:00:00Z".parse().unwrap())), "its last day is not the one that was set"),
            (|row| row.revoked_at = Set(Some(row.created_at.clone().unwrap())), "it is marked as taken away, though nobody took it"),
        ];
        for (change, text) in changes {
            let mut row = sound.clone().into_active_model();
            change(&mut row);
            row.update(world.db()).await.unwrap();
            is_told(&world, text).await;
            sound.clone().into_active_model().reset_all().update(world.db()).await.unwrap();
        }
        world.domain().access().revoke(&deal.buyer.owner, sound.id, "").await.unwrap();
        assert!(findings(&world).await.iter().all(|finding| finding.invariant != 5));
        sound.clone().into_active_model().reset_all().update(world.db()).await.unwrap();
        is_told(&world, "it was taken away, and is held again though nobody granted it anew").await;
    }

    async fn a_rate_and_a_verification_that_nobody_saved_are_found(world: World) {
        let deal = lived(&world).await;
        let told = "what it was from 0001-01 on is not what was saved";
        for id in [deal.provider.id, deal.buyer.id] {
            let sound = organization_version::Entity::find_of([id]).one(world.db()).await.unwrap().unwrap();
            let changes: [fn(&mut organization_version::ActiveModel); 3] = [
                |row| row.tax_percent = Set(Fixed::ONE),
                |row| row.country = Set("FI".into()),
                |row| row.verified_at = Set(Some("2025-01-01T00:00:00Z".parse().unwrap())),
            ];
            for change in changes {
                let mut row = sound.clone().into_active_model();
                change(&mut row);
                row.update(world.db()).await.unwrap();
                is_told(&world, told).await;
                sound.clone().into_active_model().reset_all().update(world.db()).await.unwrap();
            }
        }
        assert_eq!(findings(&world).await, []);
    }

    async fn what_was_moved_to_another_organization_is_found(world: World) {
        let deal = lived(&world).await;
        let other = world.buyer().await;
        assert_eq!(findings(&world).await, []);
        let all = resource::Entity::update_many().col_expr(resource::Column::OrganizationId, Expr::value(other.id));
        all.exec(world.db()).await.unwrap();
        is_told(&world, "its organization is not that of its project").await;
        moves(&world, &deal.project.id, other.id).await;
        is_told(&world, "by the log it was made in another organization").await;
        is_told(&world, "by the log it was made in another organization or project, or by another seller").await;
    }

    async fn use_that_was_deleted_with_its_days_or_moved_to_another_month_is_found(world: World) {
        let deal = lived(&world).await;
        let told = "its use that was reported at 2025-02-10 00:00 UTC was changed or deleted since";
        let late = usage_event::Entity::find().filter(usage_event::Column::Key.eq("late")).one(world.db()).await.unwrap().unwrap();
        let day = usage_day::Entity::find().filter(usage_day::Column::Day.eq("2025-01-11".parse::<chrono::NaiveDate>().unwrap()));
        let day = day.one(world.db()).await.unwrap().unwrap();
        // To February: event, window and day alike.
        let moved: chrono::NaiveDate = "2025-02-11".parse().unwrap();
        let event = usage_event::ActiveModel {
            id: Set(late.id),
            days: Set(serde_json::json!([[moved, late.quantity]])),
            window_start: Set("2025-02-11T00:00:00Z".parse().unwrap()),
            window_end: Set("2025-02-11T09:00:00Z".parse().unwrap()),
            ..Default::default()
        };
        event.update(world.db()).await.unwrap();
        let days = usage_day::Entity::update_many().col_expr(usage_day::Column::Day, Expr::value(moved));
        days.filter(usage_day::Column::Day.eq(day.day)).exec(world.db()).await.unwrap();
        is_told(&world, told).await;
        is_told(&world, "CPU-hour of 2025-01 differs by −€0.50 from what was billed, and nothing was reported since").await;
        usage_event::Entity::delete_by_id(late.id).exec(world.db()).await.unwrap();
        usage_day::Entity::delete_many().filter(usage_day::Column::Day.eq(moved)).exec(world.db()).await.unwrap();
        is_told(&world, told).await;
        // What a collector read is not in the log; but it was billed.
        let rest = usage_event::Entity::update_many().col_expr(usage_event::Column::Superseded, Expr::value(true));
        rest.exec(world.db()).await.unwrap();
        is_told(&world, "it counts no more, and 0 others replace it").await;
        usage_day::Entity::delete_many().exec(world.db()).await.unwrap();
        is_told(&world, "CPU-hour of 2025-01 differs by −€5.50 from what was billed, and nothing was reported since").await;
        drop(deal);
    }

    async fn a_last_day_that_nobody_agreed_to_and_a_term_that_is_gone_are_found(world: World) {
        lived(&world).await;
        let all = resource::Entity::update_many().col_expr(resource::Column::EndDate, Expr::value("2025-06-30".parse::<chrono::NaiveDate>().unwrap()));
        all.exec(world.db()).await.unwrap();
        is_told(&world, "its last day: 2025-06-30 is stored, none was agreed").await;
        let first = order::Entity::find().order_by_asc(order::Column::Id).one(world.db()).await.unwrap().unwrap();
        let row = order::ActiveModel { id: Set(first.id), term_months: Set(Some(3)), ..Default::default() };
        row.update(world.db()).await.unwrap();
        is_told(&world, &format!("the term of 3 months that order {} paid for is not there", first.id)).await;
    }
}

/// The project and all orders in it, too.
async fn moves(world: &World, id: &model::ProjectId, to: OrganizationId) {
    let found = organization::Entity::find_by_id(to).one(world.db()).await;
    assert!(found.unwrap().is_some());
    let row = project::ActiveModel {
        id: Set(*id),
        organization_id: Set(to),
        ..Default::default()
    };
    row.update(world.db()).await.unwrap();
    let orders = order::Entity::update_many().col_expr(order::Column::OrganizationId, Expr::value(to));
    orders.exec(world.db()).await.unwrap();
}
