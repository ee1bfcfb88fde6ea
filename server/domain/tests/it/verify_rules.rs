//! The check of what charges are computed from and of what documents copied: each fault is found.

use domain::jobs::kinds::SyncMembers;
use entity::{
    account_entry, invoice, job, organization, organization_version, resource, resource_interval,
    resource_member,
};
use model::{AccountEntryId, Fixed, IntervalId, InvoiceState, Month, ZoneSince};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, Set,
};
use testkit::{World, both_engines};

use crate::billing::account::credited;
use crate::billing::deal::{Deal, fixed};
use crate::verify::{findings, lived, only, texts_of};

async fn resource(world: &World) -> resource::Model {
    resource::Entity::find().one(world.db()).await.unwrap().unwrap()
}

async fn first_stretch(world: &World) -> resource_interval::Model {
    let stretches = resource_interval::Entity::find().order_by_asc(resource_interval::Column::StartsAt);
    stretches.one(world.db()).await.unwrap().unwrap()
}

async fn last_stretch(world: &World) -> resource_interval::Model {
    let stretches = resource_interval::Entity::find().order_by_desc(resource_interval::Column::StartsAt);
    stretches.one(world.db()).await.unwrap().unwrap()
}

/// Adds an entry of the document of a month to the account, which nobody can change afterwards.
async fn enter(world: &World, month: &str, (position, amount, balance): (i32, &str, &str)) {
    let month: Month = month.parse().unwrap();
    let issued = invoice::Entity::find().filter(invoice::Column::Month.eq(month));
    let document = issued.one(world.db()).await.unwrap().unwrap();
    let row = account_entry::Model {
        id: AccountEntryId(uuid::Uuid::from_u128(7)),
        organization_id: document.organization_id,
        provider_id: document.provider_id,
        currency: document.currency,
        position,
        invoice_id: document.id,
        amount: fixed(amount),
        balance: fixed(balance),
        created_at: document.created_at,
    };
    let insert = account_entry::Entity::insert(row.into_active_model().reset_all());
    insert.exec_without_returning(world.db()).await.unwrap();
}

async fn tells(world: &World, usernames: &[&str]) {
    let row = resource_member::Model {
        resource_id: resource(world).await.id,
        usernames: serde_json::json!(usernames),
    };
    let insert = resource_member::Entity::insert(row.into_active_model().reset_all());
    insert.exec_without_returning(world.db()).await.unwrap();
}

/// What an organization was from the beginning on is rewritten as `change` says.
async fn rewrite(deal: &Deal<'_>, change: impl FnOnce(&mut organization_version::ActiveModel)) {
    deal.world.was_always(deal.provider.id, change).await;
}

both_engines! {
    async fn an_account_that_was_used_beyond_what_was_granted_is_found(world: World) {
        credited(&world).await;
        assert_eq!(findings(&world).await, []);
        enter(&world, "2025-03", (2, "-500", "-12")).await;
        let expected = [
            "-12 is left after entry 2: more was used than was granted",
            "entry 2 names no issued document of this account that grants or uses",
        ];
        assert_eq!(texts_of(&world, 1).await, expected);
    }

    async fn an_entry_that_its_document_does_not_know_and_a_gap_are_found(world: World) {
        credited(&world).await;
        enter(&world, "2025-03", (3, "10", "10")).await;
        let expected = [
            "entry 3 leaves 10, 498 is right",
            "entry 3 names no issued document of this account that grants or uses",
            "entry 3 stands where entry 2 is right",
        ];
        assert_eq!(texts_of(&world, 1).await, expected);
    }

    async fn a_credit_note_that_the_account_does_not_have_is_found(world: World) {
        let deal = credited(&world).await.0;
        let note = deal.invoice("2025-04").await.unwrap();
        // What stands on an account stays, so a document is copied that the account has never seen.
        let row = invoice::Entity::find_by_id(note.id).one(world.db()).await.unwrap().unwrap();
        let copy = invoice::Model {
            id: model::InvoiceId(uuid::Uuid::from_u128(9)),
            month: "2024-12".parse().unwrap(),
            number: Some("TARTU-2025-00003".into()),
            ..row
        };
        invoice::Entity::insert(copy.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        let found = findings(&world).await;
        let texts: Vec<&str> = found.iter().map(|finding| finding.text.as_str()).collect();
        assert!(texts.contains(&"the account has 0 for it, 488 is right"), "{texts:?}");
        let issued = invoice::Entity::find().filter(invoice::Column::State.eq(InvoiceState::Issued));
        assert_eq!(issued.count(world.db()).await.unwrap(), 3);
    }

    async fn a_party_that_was_edited_after_it_was_printed_is_found(world: World) {
        let deal = lived(&world).await;
        rewrite(&deal, |facts| facts.legal_name = Set("Tartu AS".into())).await;
        let expected = [
            "its seller is Tartu, , , , , but Tartu AS, , , ,  was in force for 2025-01",
            "its seller is Tartu, , , , , but Tartu AS, , , ,  was in force for 2025-02",
            "what it was from 0001-01 on is not what was saved",
        ];
        assert_eq!(texts_of(&world, 6).await, expected);
    }

    async fn a_tax_that_was_edited_after_it_was_charged_is_found(world: World) {
        let deal = lived(&world).await;
        rewrite(&deal, |facts| facts.tax_percent = Set(Fixed::from(24))).await;
        let expected = [
            "its tax is 22 %, but 24 % was in force for 2025-01",
            "its tax is 22 %, but 24 % was in force for 2025-02",
            "what it was from 0001-01 on is not what was saved",
        ];
        assert_eq!(texts_of(&world, 6).await, expected);
    }

    async fn a_version_of_a_month_that_was_over_when_it_was_saved_is_found(world: World) {
        let deal = lived(&world).await;
        let structure = world.domain().structure();
        let mut detail = structure.organization(&deal.buyer.owner, deal.buyer.id).await.unwrap();
        detail.address = "Elsewhere 1".into();
        structure.edit_organization(&deal.buyer.owner, detail).await.unwrap();
        assert_eq!(findings(&world).await, []);
        let versions = organization_version::Entity::find_of([deal.buyer.id]).all(world.db()).await.unwrap();
        let mut last = versions[1].clone().into_active_model();
        last.changed_at = Set("2025-04-01T00:00:00Z".parse().unwrap());
        last.update(world.db()).await.unwrap();
        let expected = "what it was from 2025-03 on was changed on 2025-04-01, when that month was over";
        assert_eq!(only(&world).await, (6, expected.to_owned()));
    }

    async fn stretches_that_overlap_are_found(world: World) {
        lived(&world).await;
        let mut first = first_stretch(&world).await.into_active_model();
        first.ends_at = Set(Some("2025-01-25T09:00:00Z".parse().unwrap()));
        first.update(world.db()).await.unwrap();
        let texts: Vec<String> = findings(&world).await.into_iter().map(|finding| finding.text).collect();
        let expected = "two plans or sets of limits are in force from 2025-01-20T09:00:00Z on";
        assert!(texts.iter().any(|text| text == expected), "{texts:?}");
    }

    async fn what_ended_in_the_instant_in_which_it_began_overlaps_nothing(world: World) {
        lived(&world).await;
        let lasts = last_stretch(&world).await;
        assert!(lasts.ends_at.is_none());
        // Changed after the last day and extended at the same instant.
        let empty = resource_interval::Model {
            id: IntervalId(uuid::Uuid::from_u128(7)),
            ends_at: Some(lasts.starts_at),
            ..lasts
        };
        empty.into_active_model().reset_all().insert(world.db()).await.unwrap();
        assert_eq!(findings(&world).await, []);
    }

    async fn a_stretch_outside_the_life_is_found(world: World) {
        lived(&world).await;
        let mut row = resource(&world).await.into_active_model();
        row.activated_at = Set(Some("2025-01-10T10:00:00Z".parse().unwrap()));
        row.terminated_at = Set(Some("2025-03-06T00:00:00Z".parse().unwrap()));
        row.update(world.db()).await.unwrap();
        let expected = [
            "it is billed from 2025-01-10T09:00:00Z on, when it did not run yet",
            "it is gone, and billed on",
        ];
        let mut texts: Vec<String> = findings(&world).await.into_iter().map(|finding| finding.text).collect();
        texts.retain(|text| expected.contains(&text.as_str()));
        assert_eq!(texts, expected);
    }

    async fn a_version_that_an_order_has_bound_and_that_began_later_is_found(world: World) {
        lived(&world).await;
        // Its price stays what it is, so nothing that was issued computes otherwise.
        let bound = first_stretch(&world).await.bound().unwrap().prices;
        let price = entity::plan_price::Entity::find_by_id(*bound.first().unwrap()).one(world.db()).await.unwrap().unwrap();
        let id = price.id;
        let mut row = price.into_active_model();
        row.starts_at = Set("2025-03-01T00:00:00Z".parse().unwrap());
        row.update(world.db()).await.unwrap();
        let text = format!("its order has bound version {id}, which its plan did not have then");
        let edited = "it is not as it was published: its amount, period or first instant was changed";
        assert_eq!(texts_of(&world, 6).await, [edited, &text, &text], "of two stretches");
    }

    async fn zones_that_do_not_follow_each_other_are_found(world: World) {
        let deal = lived(&world).await;
        let since = |from: Option<&str>| ZoneSince { from: from.map(|month| month.parse().unwrap()), name: "UTC".into() };
        for zones in [vec![since(None), since(Some("2025-06")), since(Some("2025-05"))], vec![since(None), since(None)]] {
            let row = organization::ActiveModel {
                id: Set(deal.buyer.id),
                zones: Set(organization::StoredZones(zones)),
                ..Default::default()
            };
            row.update(world.db()).await.unwrap();
            assert_eq!(only(&world).await, (6, "its time zones do not follow each other".to_owned()));
        }
    }

    async fn access_without_a_grant_and_a_grant_without_access_are_found(world: World) {
        let deal = lived(&world).await;
        let member = world.member(&deal.project).await;
        tells(&world, &["mallory"]).await;
        world.db().execute_unprepared("DELETE FROM jobs WHERE kind = 'sync_members'").await.unwrap();
        let expected = [
            format!("{} cannot use it on its backend, though granted", username(&world, &member).await),
            "mallory can use it on its backend, but not by any grant".to_owned(),
        ];
        let mut found = texts_of(&world, 7).await;
        found.sort_by_key(|text| text.starts_with("mallory"));
        assert_eq!(found, expected);
        assert_eq!(world.operations().provisioning().sync_diverged_members(&["fake"]).await.unwrap(), 1);
        assert_eq!(findings(&world).await, [], "a job is on its way");
        let jobs = job::Entity::find().filter(job::Column::Kind.eq(<SyncMembers as domain::jobs::Job>::NAME));
        assert_eq!(jobs.count(world.db()).await.unwrap(), 1);
    }
}

async fn username(world: &World, actor: &domain::Actor) -> String {
    let person = entity::user::Entity::find_by_id(actor.user_id)
        .one(world.db())
        .await;
    person.unwrap().unwrap().username
}

both_engines! {
    async fn a_resource_that_runs_without_a_plan_or_with_another_one_is_found(world: World) {
        lived(&world).await;
        let (running, stretch) = (resource(&world).await, last_stretch(&world).await);
        let mut ended = stretch.clone().into_active_model();
        ended.ends_at = Set(Some("2025-03-06T00:00:00Z".parse().unwrap()));
        ended.update(world.db()).await.unwrap();
        assert_eq!(only(&world).await, (6, "it runs, and no plan is in force since 2025-03-06 00:00 UTC".to_owned()));
        // It ended with its project, which lasts longer since its own last day was over: then there is nothing to go on with.
        let today = domain::Clock::now(world.clock()).date_naive();
        for (last_day, is_found) in [("2025-03-09".parse().unwrap(), false), (today + chrono::Days::new(1), true)] {
            let mut until = running.clone().into_active_model();
            until.end_date = Set(Some(last_day));
            until.update(world.db()).await.unwrap();
            let found = findings(&world).await;
            assert_eq!(found.iter().any(|one| one.text.contains("no plan is in force")), is_found, "{last_day}: {found:?}");
        }
        running.clone().into_active_model().reset_all().update(world.db()).await.unwrap();
        stretch.into_active_model().reset_all().update(world.db()).await.unwrap();
        let mut other = running.clone().into_active_model();
        other.limits = Set(serde_json::json!({ "disk": "1" }));
        other.update(world.db()).await.unwrap();
        assert_eq!(only(&world).await, (6, "it has other limits than those it is billed for".to_owned()));
        let mut ahead = running.into_active_model().reset_all();
        ahead.usage_until = Set(Some("2029-01-01T00:00:00Z".parse().unwrap()));
        ahead.update(world.db()).await.unwrap();
        assert_eq!(only(&world).await, (6, "its use is said to be known of a time that has not come".to_owned()));
    }

    async fn months_that_are_closed_too_far_or_not_far_enough_are_found(world: World) {
        lived(&world).await;
        let row = entity::closed_month::Entity::find().one(world.db()).await.unwrap().unwrap();
        let set = async |month: &str| {
            let mut row = row.clone().into_active_model();
            row.through = Set(month.parse().unwrap());
            row.update(world.db()).await.unwrap();
        };
        set("2025-01").await;
        assert_eq!(only(&world).await, (6, "a month with an issued document is not closed".to_owned()));
        set("2027-01").await;
        assert_eq!(only(&world).await, (6, "2027-01 is closed, which was not over then".to_owned()));
    }

    async fn a_pdf_that_was_exchanged_is_found(world: World) {
        lived(&world).await;
        let issued = invoice::Entity::find().filter(invoice::Column::State.eq(InvoiceState::Issued));
        let document = issued.one(world.db()).await.unwrap().unwrap();
        let pdf = entity::invoice_pdf::Model {
            invoice_id: document.id,
            sha256: "0".repeat(64),
            bytes: b"%PDF-1.7 of somebody else".to_vec(),
            created_at: document.created_at,
        };
        entity::invoice_pdf::Entity::insert(pdf.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        assert_eq!(texts_of(&world, 1).await, ["its PDF is not the one that was drawn"]);
    }
}
