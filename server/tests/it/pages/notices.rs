//! The pages of notices: what is told leads to where one acts, and is noted as read where one is.

use model::{NoticeKind, PageRequest};
use testkit::both_engines;

use crate::{html::Page, portal::Portal};

const HOSTILE: &str = "<b>Ice</b> \"model\"";

async fn tell(portal: &Portal) {
    while portal.operations.notices().tell_next().await.unwrap() {}
}

both_engines! {
    async fn what_waits_is_told_opened_and_noted_as_read(portal: Portal) {
        let world = &portal.world;
        world.leaves_jobs();
        let (buyer, provider) = (world.buyer().await, world.provider().await);
        let (project, offering) = (world.project(&buyer).await, world.offering(&provider).await);
        let member = world.member(&project).await;
        let order = world.order(&member, &project, &offering).named(HOSTILE).await;
        world.order(&member, &project, &offering).await;
        tell(&portal).await;
        let browser = portal.browser(&buyer.owner).await;
        let unread = async || world.domain().notices().unread(&buyer.owner).await.unwrap();
        let before = unread().await;
        let start = browser.get("/").await.text;
        assert!(start.contains(&format!("Notices: {before} that you have not read")), "{start}");
        let list = browser.get("/notices?unread=true").await.text;
        assert!(list.contains("Waits") && !list.contains("<b>Ice</b>"), "{list}");

        let id = world.domain().notices().list(&buyer.owner, true, &PageRequest::default()).await.unwrap();
        let of_order = id.items.iter().find(|one| one.subject == format!("order {order}")).unwrap();
        let open = Page::of(&list).form("open_notice", &[("notice", &of_order.id.to_string())]);
        let opened = browser.post(&open.action, &open.pairs()).await;
        assert_eq!(opened.header("location"), app::routes::order(order));
        assert_eq!(unread().await, before - 1);
        let after = browser.get("/notices").await.text;
        assert!(after.contains(&format!("href=\"/orders/{order}\"")) && after.contains("Waits"), "it waits though it was read");

        let list = browser.get("/notices?unread=true").await.text;
        let one = Page::of(&list).form("read_notice", &[]);
        let read = browser.post(&one.action, &one.pairs()).await;
        assert_eq!(read.header("location"), "/notices?unread=true", "one stays in the part of the list where one was");
        let all = Page::of(&browser.get("/notices").await.text).form("read_notices", &[]);
        browser.post(&all.action, &all.pairs()).await;
        assert_eq!(unread().await, 0);
        let done = browser.get("/notices?unread=true").await.text;
        assert!(done.contains("You have read everything") && !done.contains("read_notices"), "{done}");
    }

    async fn a_kind_that_is_not_wanted_is_turned_off_by_its_box(portal: Portal) {
        let buyer = portal.world.buyer().await;
        portal.world.leaves_jobs();
        let browser = portal.browser(&buyer.owner).await;
        let form = Page::of(&browser.get("/notices/settings").await.text).form("save_notice_settings", &[]);
        let kept = form.pairs();
        let sent: Vec<(&str, &str)> = kept.iter().copied().filter(|pair| *pair != ("told", "prices")).collect();
        assert_eq!(sent.len() + 1, kept.len());
        browser.post(&form.action, &sent).await;
        let settings = portal.world.domain().notices().settings(&buyer.owner).await.unwrap();
        let off: Vec<NoticeKind> = settings.iter().filter(|one| !one.told).map(|one| one.kind).collect();
        assert_eq!(off, [NoticeKind::Prices]);
        let shown = Page::of(&browser.get("/notices/settings").await.text).form("save_notice_settings", &[]);
        assert!(!shown.pairs().contains(&("told", "prices")), "its box is empty now");
    }
}
