//! Lists: sorted as asked, each row once while one pages, and narrowed to what has changed.

use chrono::TimeDelta;
use domain::Clock;
use serde_json::{Value as Json, json};
use testkit::{Sold, both_engines};

use crate::{api::Api, portal::Portal};

/// Every row of a list, read one by one.
async fn read(api: &Api, path: &str) -> Vec<Json> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let joint = if path.contains('?') { '&' } else { '?' };
        let page = api.get(&format!("{path}{joint}limit=1{cursor}")).await.ok();
        rows.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
        assert!(rows.len() < 100, "{path} does not end");
    }
}

fn ids(rows: &[Json]) -> Vec<String> {
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn ordered(api: &Api, path: &str) -> Vec<String> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let oldest = ids(&read(api, &format!("{path}{joint}sort=oldest")).await);
    let mut newest = ids(&read(api, &format!("{path}{joint}sort=newest")).await);
    newest.reverse();
    assert_eq!(oldest, newest, "{path}");
    assert!(oldest.is_sorted(), "{path}: ids sort by creation");
    api.get(&format!("{path}{joint}sort=dearest"))
        .await
        .refused(400, "bad_query");
    // What only one of the databases knows.
    api.get(&format!("{path}{joint}updated_since=-9999-01-01T00:00:00Z"))
        .await
        .refused(400, "bad_query");
    oldest
}

both_engines! {
    async fn each_row_comes_once_in_every_order(portal: Portal) {
        let world = &portal.world;
        let staff = portal.api(&world.staff().await).await;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let owner = portal.api(&buyer.owner).await;
        for (index, name) in ["Same", "Same", "A", "Same", "Z"].iter().enumerate() {
            let new = json!({ "organization_id": buyer.id, "name": name, "slug": format!("p{index}") });
            owner.post("/projects", new).await.ok();
            world.offering(&provider).named(&format!("Offering {name} {}", 9 - index)).await;
            world.buyer().await;
        }
        let seller = portal.api(&provider.manager).await;
        let offerings = format!("/providers/{}/offerings", provider.id);
        let lists = [(&owner, "/projects"), (&staff, "/organizations"), (&staff, "/people"), (&owner, "/offerings"),
            (&seller, offerings.as_str())];
        for (api, path) in lists {
            let by_age = ordered(api, path).await;
            assert!(by_age.len() >= 5, "{path}: {}", by_age.len());
            let rows = read(api, path).await;
            let mut by_name = ids(&rows);
            let keys: Vec<(&str, &str)> =
                rows.iter().map(|row| (row["name"].as_str().unwrap(), row["id"].as_str().unwrap())).collect();
            if path == "/projects" {
                assert!(keys.is_sorted(), "{path}: {keys:?}");
            }
            by_name.sort_unstable();
            assert_eq!(by_name, by_age, "{path}: the same rows, each once");
        }
    }

    async fn what_has_changed_since_is_listed(portal: Portal) {
        let world = &portal.world;
        let staff = portal.api(&world.staff().await).await;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let (owner, seller) = (portal.api(&buyer.owner).await, portal.api(&provider.manager).await);
        let quiet = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("10")).await;
        let changed = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("10")).await;
        let (still, moved) = (world.project(&buyer).await, world.project(&buyer).await);
        let resource = world.order(&buyer.owner, &still, &quiet).fulfilled().await;
        world.order(&buyer.owner, &still, &quiet).named("Other").fulfilled().await;
        portal.work().await;
        world.clock().advance(TimeDelta::hours(1));
        let since = format!("updated_since={}", world.clock().now().format("%Y-%m-%dT%H:%M:%SZ"));
        let offerings = format!("/providers/{}/offerings", provider.id);
        let lists = [(&owner, "/projects"), (&owner, "/resources"), (&staff, "/organizations"), (&staff, "/people"),
            (&owner, "/offerings"), (&seller, offerings.as_str())];
        for (api, path) in lists {
            assert_eq!(ids(&read(api, &format!("{path}?{since}")).await), Vec::<String>::new(), "{path}");
        }
        owner.patch(&format!("/projects/{}", moved.id), json!({ "description": "Moved." })).await.ok();
        owner.patch(&format!("/organizations/{}", buyer.id), json!({ "address": "Narva mnt 1" })).await.ok();
        owner.put(&format!("/resources/{resource}"), "/last-day", json!({ "last_day": "2027-01-31" })).await.ok();
        seller.patch(&format!("/offerings/{}", changed.id), json!({ "summary": "Changed." })).await.ok();
        world.domain().accounts().set_profile(&buyer.owner, "Renamed", "UTC").await.unwrap();
        for (api, path, id) in [
            (&owner, "/projects", moved.id.to_string()),
            (&owner, "/resources", resource.to_string()),
            (&staff, "/organizations", buyer.id.to_string()),
            (&staff, "/people", buyer.owner.user_id.to_string()),
            (&owner, "/offerings", changed.id.to_string()),
            (&seller, offerings.as_str(), changed.id.to_string()),
        ] {
            assert_eq!(ids(&read(api, &format!("{path}?{since}")).await), [id], "{path}");
        }
        let of_offering = |id: &str| format!("/resources?offering={id}");
        assert_eq!(read(&owner, &of_offering(&quiet.id.to_string())).await.len(), 2);
        assert_eq!(read(&owner, &of_offering(&changed.id.to_string())).await.len(), 0);
    }

    async fn a_draft_without_category_says_so_with_nulls(portal: Portal) {
        let provider = portal.world.provider().await;
        let seller = portal.api(&provider.manager).await;
        let made = seller.post("/offerings", json!({ "provider_id": provider.id, "name": "To come" })).await.json();
        let listed = read(&seller, &format!("/providers/{}/offerings", provider.id)).await;
        assert_eq!(listed, [made["summary"].clone()]);
        for field in ["category_id", "category_slug", "category_name", "tint", "icon", "price_from"] {
            assert_eq!(made["summary"].get(field), Some(&Json::Null), "{field}");
        }
        let published = portal.world.offering(&provider).await;
        let shown = seller.get(&format!("/offerings/{}", published.slug)).await.ok();
        for field in ["category_id", "category_slug", "category_name"] {
            assert_ne!(shown["summary"][field].as_str().unwrap(), "", "{field}");
        }
    }
}
