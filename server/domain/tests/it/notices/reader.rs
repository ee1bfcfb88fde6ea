//! The reader of the log: everything that concerns somebody is told, once, by however many processes.

use entity::{audit_event, event_reader, notice};
use model::{NoticeId, NoticeKind, PageRequest};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    TransactionTrait,
};
use testkit::{World, both_engines};
use uuid::Uuid;

use super::{notices, ordered, place, tell, told};

async fn position(world: &World) -> i64 {
    let row = event_reader::Entity::find_by_id("notices").one(world.db()).await;
    row.unwrap().unwrap().position
}

both_engines! {
    async fn two_processes_at_once_tell_everything_once(world: World) {
        let at = place(&world, false, false).await;
        for _order in 0..30 {
            ordered(&world, &at).await;
        }
        let others: Vec<_> = (0..4).map(|_| world.second_process().notices()).collect();
        let mut set = tokio::task::JoinSet::new();
        for other in others {
            set.spawn(async move { while other.tell_next().await.unwrap() {} });
        }
        while let Some(done) = set.join_next().await {
            done.unwrap();
        }
        tell(&world).await;
        let count = notice::Entity::find()
            .filter(notice::Column::UserId.eq(at.buyer.owner.user_id))
            .filter(notice::Column::Kind.eq(NoticeKind::ToDo));
        assert_eq!(count.count(world.db()).await.unwrap(), 30);
    }

    async fn whoever_stops_in_the_middle_tells_nothing_twice_and_leaves_nothing_out(world: World) {
        let at = place(&world, false, false).await;
        for _order in 0..6 {
            ordered(&world, &at).await;
        }
        for turns in 0..60_u32 {
            let stopping = world.second_process().notices();
            let mut telling = Box::pin(async move { stopping.tell_next().await });
            for _poll in 0..turns {
                let turn = std::time::Duration::from_micros(200);
                if tokio::time::timeout(turn, &mut telling).await.is_ok() {
                    break;
                }
            }
        }
        tell(&world).await;
        assert_eq!(told(&world, &at.buyer.owner).await, ["to_do order.placed"; 6]);
    }

    async fn what_concerns_nobody_makes_no_job_and_is_passed(world: World) {
        let at = place(&world, false, false).await;
        tell(&world).await;
        let reader = world.operations().notices();
        assert!(!reader.tell_due().await.unwrap(), "nothing happened");
        let plain = audit_event::Entity::find().one(world.db()).await.unwrap().unwrap();
        let before = position(&world).await;
        let event = audit_event::Model {
            id: model::AuditId(Uuid::from_u128(7)),
            sequence: before + 1,
            verb: "resource.usage_reported".into(),
            ..plain
        };
        event.into_active_model().reset_all().insert(world.db()).await.unwrap();
        for _until_settled in 0..100 {
            assert!(!reader.tell_due().await.unwrap());
        }
        assert_eq!(position(&world).await, before + 1);
        assert!(!world.pending_jobs().await.iter().any(|job| job.kind == "tell_people"));
        let _ = at;
    }

    async fn something_that_concerns_somebody_makes_one_job(world: World) {
        let at = place(&world, false, false).await;
        ordered(&world, &at).await;
        let reader = world.operations().notices();
        let mut made = 0;
        for _look in 0..100 {
            made += u32::from(reader.tell_due().await.unwrap());
        }
        assert_eq!(made, 1, "while one waits there is no second");
        let waiting = world.pending_jobs().await;
        assert_eq!(waiting.iter().filter(|job| job.kind == "tell_people").count(), 1);
    }

    async fn what_commits_late_is_told_as_well(world: World) {
        let at = place(&world, false, false).await;
        tell(&world).await;
        if world.db().get_database_backend() == sea_orm::DbBackend::Sqlite {
            // One transaction writes at a time: nothing commits late.
            return;
        }
        let plain = audit_event::Entity::find().one(world.db()).await.unwrap().unwrap();
        let open = world.db().begin().await.unwrap();
        let late = audit_event::ActiveModel {
            sequence: sea_orm::ActiveValue::NotSet,
            ..audit_event::Model {
                id: model::AuditId(Uuid::from_u128(8)),
                verb: "account.token_created".into(),
                subject_kind: "account".into(),
                subject_id: at.member.user_id.0,
                actor_id: None,
                ..plain
            }
            .into_active_model()
            .reset_all()
        };
        late.insert(&open).await.unwrap();
        ordered(&world, &at).await;
        tell(&world).await;
        assert_eq!(told(&world, &at.buyer.owner).await, [""; 0], "an older number is under way");
        open.commit().await.unwrap();
        tell(&world).await;
        assert_eq!(told(&world, &at.member).await, ["security account.token_created"]);
        assert_eq!(told(&world, &at.buyer.owner).await, ["to_do order.placed"]);
    }

    async fn what_is_old_or_beyond_the_newest_thousand_is_swept(world: World) {
        let at = place(&world, false, false).await;
        ordered(&world, &at).await;
        tell(&world).await;
        let owner = &at.buyer.owner;
        let row = notice::Entity::find()
            .filter(notice::Column::UserId.eq(owner.user_id))
            .one(world.db())
            .await
            .unwrap()
            .unwrap();
        let more = |number: u128| {
            let event_id = model::AuditId(Uuid::from_u128(1_000_000 + number));
            notice::Model { id: NoticeId(Uuid::from_u128(number)), event_id, ..row.clone() }.into_active_model().reset_all()
        };
        for some in (1..=1_010).map(more).collect::<Vec<_>>().chunks(100) {
            notice::Entity::insert_many(some.to_vec()).exec_without_returning(world.db()).await.unwrap();
        }
        let of_owner = || notice::Entity::find().filter(notice::Column::UserId.eq(owner.user_id));
        let before = of_owner().count(world.db()).await.unwrap();
        assert_eq!(world.operations().notices().sweep().await.unwrap(), before - 1_000);
        assert_eq!(of_owner().count(world.db()).await.unwrap(), 1_000);
        assert_eq!(world.domain().notices().unread(owner).await.unwrap(), 100, "no more are counted");
        let ids: Vec<NoticeId> = notices(&world, owner).await.iter().map(|one| one.id).collect();
        assert!(ids.contains(&row.id), "the newest stay");
        world.clock().advance(chrono::TimeDelta::days(91));
        world.operations().notices().sweep().await.unwrap();
        assert_eq!(of_owner().count(world.db()).await.unwrap(), 0);
    }

    async fn a_long_list_has_pages(world: World) {
        let at = place(&world, false, false).await;
        for _order in 0..5 {
            ordered(&world, &at).await;
        }
        tell(&world).await;
        let of = world.domain().notices();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let request = PageRequest { cursor, limit: 2 };
            let page = of.list(&at.buyer.owner, false, &request).await.unwrap();
            seen.extend(page.items.iter().map(|one| one.id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert!(seen.is_sorted_by(|newer, older| newer > older), "{seen:?}");
        assert_eq!(seen.len(), notices(&world, &at.buyer.owner).await.len());
    }

    async fn an_event_of_a_kind_that_this_program_does_not_know_holds_nothing_up(world: World) {
        let at = place(&world, false, false).await;
        let plain = audit_event::Entity::find().one(world.db()).await.unwrap().unwrap();
        let sequence = position(&world).await + 10_000;
        let stranger = audit_event::Model { id: model::AuditId(Uuid::from_u128(9)), sequence, verb: "order.blessed".into(), ..plain };
        stranger.into_active_model().reset_all().insert(world.db()).await.unwrap();
        ordered(&world, &at).await;
        tell(&world).await;
        assert_eq!(told(&world, &at.buyer.owner).await, ["to_do order.placed"]);
    }
}
