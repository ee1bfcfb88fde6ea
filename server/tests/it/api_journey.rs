//! The main job through the API alone: from nothing to a paid-for, ended resource and its invoice.

use reqwest::Method;
use serde_json::{Value as Json, json};
use testkit::both_engines;

use crate::{
    api::Api,
    portal::Portal,
    shop::{open_shop, order},
};

/// The people of the journey, each with a token.
struct People {
    staff: Api,
    seller: Api,
    owner: Api,
    member: Api,
    accountant: Api,
    provider: String,
    project: String,
}

fn id(made: &Json) -> String {
    made["id"]
        .as_str()
        .or_else(|| made["summary"]["id"].as_str())
        .unwrap()
        .to_owned()
}

/// Staff makes two organizations and gives the roles; the owner makes the project and takes the member in.
async fn people(portal: &Portal) -> People {
    let world = &portal.world;
    let staff = portal.api(&world.staff().await).await;
    let [seller, owner, member, accountant] = [
        world.stranger().await,
        world.stranger().await,
        world.stranger().await,
        world.stranger().await,
    ];
    let new = json!({ "name": "Põhjala tarkvara", "is_provider": true, "tax_percent": "24", "time_zone": "Europe/Tallinn",
        "country": "EE", "address": "Narva mnt 1\nTartu", "bank_account": "EE38 2200 2210 2014 5685" });
    let provider = id(&staff.post("/organizations", new).await.ok());
    let new = json!({ "name": "Київська лабораторія", "country": "UA", "time_zone": "Europe/Kyiv" });
    let buyer = id(&staff.post("/organizations", new).await.ok());
    let grant = json!({ "email": seller.email, "role": "provider_manager",
        "scope": { "kind": "provider", "id": provider } });
    staff.post("/grants", grant).await.ok();
    let sellers = staff.get(&format!("/grants?provider={provider}")).await.ok();
    assert_eq!(sellers[0]["email"], seller.email);
    for (person, role) in [(&owner, "organization_owner"), (&accountant, "billing_reader")] {
        let grant = json!({ "email": person.email, "role": role, "reason": "asked by phone" });
        staff
            .post(&format!("/organizations/{buyer}/members"), grant)
            .await
            .ok();
    }
    let owner = portal.api(&owner).await;
    let new = json!({ "organization_id": buyer, "name": "Ice", "slug": null, "description": "", "start_date": null,
        "end_date": null, "approval_limit": null });
    let project = id(&owner.post("/projects", new).await.ok());
    let grant = json!({ "email": member.email, "role": "project_member" });
    owner
        .post(&format!("/projects/{project}/members"), grant)
        .await
        .ok();
    People {
        staff,
        seller: portal.api(&seller).await,
        owner,
        member: portal.api(&member).await,
        accountant: portal.api(&accountant).await,
        provider,
        project,
    }
}

async fn category(staff: &Api) -> String {
    let attributes = json!({ "fields": [] });
    let new = json!({ "name": "Software", "slug": "software", "description": "Programs.", "icon": "box", "tint": "sea",
        "attributes": attributes });
    staff.post("/categories", new).await.ok();
    "software".into()
}

/// The order goes through approval and work; answers it when it is over.
async fn approved(portal: &Portal, people: &People, order: &str) -> Json {
    let path = format!("/orders/{order}");
    people
        .member
        .post(&format!("{path}/approve"), json!({ "comment": "me myself" }))
        .await
        .refused(403, "forbidden");
    let waiting = people.owner.get("/orders?waiting_for_me=true").await.ok();
    assert_eq!(waiting["items"][0]["id"], order);
    assert_eq!(waiting["items"][0]["can_decide"], true);
    people
        .owner
        .post(&format!("{path}/approve"), json!({ "comment": "Fine, go on." }))
        .await
        .ok();
    assert!(portal.work().await > 0);
    people.member.get(&path).await.ok()
}

both_engines! {
    async fn an_order_becomes_an_invoice(portal: Portal) {
        let people = people(&portal).await;
        let category = category(&people.staff).await;
        let offering = open_shop(&people.seller, &people.provider, &category, ("instant", json!({}))).await;
        assert_eq!(offering["summary"]["state"], "active");

        let plan = format!("/offerings/{}/plans/{}", id(&offering), id(&offering["plans"][0]));
        let fee = |currency: &str| json!({ "setup_fee": { "amount": "7.50", "currency": currency } });
        assert_eq!(people.seller.patch(&plan, fee("USD")).await.faults(), ["setup_fee.currency"]);
        let same = people.seller.patch(&plan, fee("EUR")).await.ok();
        assert_eq!(same["setup_fee"], fee("EUR")["setup_fee"]);
        let seat = &same["prices"][0]["price"]["scheme"]["price"];
        assert_eq!(*seat, json!({ "amount": "10.00", "currency": "EUR" }));
        let found = people.member.get("/offerings?category=software&q=tarkvara&total=true").await.ok();
        assert_eq!(found["total"], 1);
        assert_eq!(found["items"][0]["id"], offering["summary"]["id"]);
        let draft = order(&people.project, &offering);
        let quote = people.member.post("/quotes", draft.clone()).await.ok();
        let placed = people.member.post("/orders", draft).await;
        assert_eq!(placed.status, 201);
        let placed = placed.ok();
        assert_eq!(placed["summary"]["state"], "pending_consumer");
        assert_eq!(placed["quote"], quote, "what was quoted is frozen on the order");

        let done = approved(&portal, &people, &id(&placed)).await;
        assert_eq!(done["summary"]["state"], "done");
        let steps = done["steps"].as_array().unwrap();
        let theirs = steps.iter().find(|one| one["side"] == "consumer").unwrap();
        assert_eq!((&theirs["state"], &theirs["needed"]), (&json!("approved"), &json!(1)));
        let decision = &theirs["decisions"][0];
        assert_eq!((&decision["verdict"], &decision["comment"]), (&json!("approved"), &json!("Fine, go on.")));
        let resource = done["summary"]["resource_id"].as_str().unwrap().to_owned();
        let at = |part: &str| format!("/resources/{resource}{part}");
        assert_eq!(people.member.get(&at("")).await.ok()["summary"]["state"], "ok");

        portal.world.clock().set("2026-02-15T10:00:00Z");
        let report = |key: &str, quantity: &str| json!([{ "resource_id": resource, "component": "hours", "key": key,
            "window_start": "2026-02-14T08:00:00Z", "window_end": "2026-02-14T12:00:00Z", "quantity": quantity,
            "username": "anna" }]);
        let receipt = people.seller.post("/usage", report("job 1", "12.5")).await.ok();
        assert_eq!((&receipt["recorded"], &receipt["refused"]), (&json!(1), &json!([])));
        let receipt = people.seller.post("/usage", report("job 1", "12.5")).await.ok();
        assert_eq!(receipt["repeated"], 1, "the same event counts once");
        let usage = people.member.get(&at("/usage?from=2026-02-10&to=2026-02-15")).await.ok();
        let hours = usage.as_array().unwrap().iter().find(|one| one["component"] == "hours").unwrap();
        assert_eq!((hours["total"].as_str(), hours["days"].as_array().unwrap().len()), (Some("12.5"), 6));
        let cost = people.member.get(&at("/cost")).await.ok();
        let used = cost["lines"].as_array().unwrap().iter().find(|line| line["component"] == "hours").unwrap();
        assert_eq!(used["amount"]["amount"], "5.00", "12.5 hours at 0.40: {cost}");

        let asked = people.member.post(&at("/limits"), json!({ "limits": { "seats": "6" } })).await.ok();
        assert_eq!(asked["summary"]["kind"], "change_limits");
        approved(&portal, &people, &id(&asked)).await;
        assert_eq!(people.member.get(&at("")).await.ok()["limits"]["seats"], "6");

        portal.world.clock().set("2026-02-20T10:00:00Z");
        let ended = people.member.post(&at("/termination"), json!({ "reason": "The work is done." })).await.ok();
        approved(&portal, &people, &id(&ended)).await;
        assert_eq!(people.member.get(&at("")).await.ok()["summary"]["state"], "terminated");

        people.staff.post("/months/2026-02/close", json!({})).await.refused(409, "month_not_over");
        portal.world.clock().set("2026-03-02T10:00:00Z");
        for (issued, already) in [(1, 0), (0, 1)] {
            let closed = people.staff.post("/months/2026-02/close", json!({})).await.ok();
            assert_eq!(closed["issued"].as_array().unwrap().len(), issued, "{closed}");
            assert_eq!((&closed["already"], &closed["failed"]), (&json!(already), &json!([])));
        }
        check_invoice(&portal, &people).await;
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn a_person_of_the_provider_carries_orders_out(portal: Portal) {
        let people = people(&portal).await;
        let category = category(&people.staff).await;
        let offering = open_shop(&people.seller, &people.provider, &category, ("manual", json!({}))).await;
        let placed = people.owner.post("/orders", order(&people.project, &offering)).await.ok();
        assert_eq!(placed["summary"]["state"], "executing", "an owner is not asked");
        portal.work().await;
        let path = format!("/orders/{}", id(&placed));
        let waiting = people.seller.get(&path).await.ok();
        assert!(waiting["waiting_for"].as_str().unwrap().contains("somebody of P"), "{}", waiting["waiting_for"]);

        let done = json!({ "backend_id": "contract 7", "access": [{ "label": "Door code", "value": "1234" }],
            "note": "Welcome." });
        people.member.post(&format!("{path}/fulfil"), done.clone()).await.refused(403, "forbidden");
        let faults = people.seller.post(&format!("{path}/fulfil"), json!({})).await.faults();
        assert_eq!(faults, ["backend_id"]);
        let fulfilled = people.seller.post(&format!("{path}/fulfil"), done.clone()).await.ok();
        assert_eq!(fulfilled["summary"]["state"], "done");
        let other = json!({ "backend_id": "contract 8", "access": [{ "label": "Door code", "value": "9999" }] });
        people.seller.post(&format!("{path}/fulfil"), other).await.refused(409, "order_state");
        let again = people.seller.post(&format!("{path}/fulfil"), done.clone()).await.ok();
        assert_eq!(again["timeline"], fulfilled["timeline"], "saying it twice changes nothing");
        let resource = fulfilled["summary"]["resource_id"].as_str().unwrap();
        let seen = people.member.get(&format!("/resources/{resource}")).await.ok();
        assert_eq!(seen["access"][0]["value"], "1234");

        let second = people.owner.post("/orders", order(&people.project, &offering)).await.ok();
        portal.work().await;
        let path = format!("/orders/{}/refuse-fulfilment", id(&second));
        let refused = people.seller.post(&path, json!({ "reason": "No seats left." })).await.ok();
        assert_eq!((&refused["summary"]["state"], &refused["error"]), (&json!("erred"), &json!("No seats left.")));
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn the_connection_is_tested_by_a_job(portal: Portal) {
        let people = people(&portal).await;
        category(&people.staff).await;
        let made = people.seller.post("/offerings", json!({ "provider_id": people.provider, "name": "Fake" })).await.ok();
        let at = |part: &str| format!("/offerings/{}{part}", id(&made));
        assert_eq!(people.seller.post(&at("/connection-test"), json!({})).await.faults(), ["plugin"]);
        let chosen = json!({ "plugin": "fake", "settings": {} });
        people.seller.put(&at(""), "/plugin", chosen.clone()).await.ok();
        assert_eq!(people.seller.get(&at("/connection-test")).await.ok()["state"], "not_tested");
        let asked = people.seller.post(&at("/connection-test"), json!({})).await;
        assert_eq!((asked.status, asked.json()["state"].clone()), (202, json!("testing")));
        portal.work().await;
        assert_eq!(people.seller.get(&at("/connection-test")).await.ok()["state"], "works");
        let stale = [("if-match", "\"0\"")];
        let answer = people.seller.send_with(Method::PUT, &at("/plugin"), &stale, Some(&chosen)).await;
        answer.refused(412, "changed_meanwhile");
        let unknown = json!({ "plugin": "teleport", "settings": {} });
        assert_eq!(people.seller.put(&at(""), "/plugin", unknown).await.faults(), ["plugin"]);
        people.seller.post(&at("/publish"), json!({})).await.refused(409, "not_ready");
    }
}

/// The accountant's invoice: its figures by hand, and its PDF.
async fn check_invoice(portal: &Portal, people: &People) {
    let list = people.accountant.get("/invoices?month=2026-02").await.ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let path = format!("/invoices/{}", id(&list["items"][0]));
    people.member.get(&path).await.refused(404, "not_found");
    people
        .accountant
        .get(&format!("{path}/pdf"))
        .await
        .refused(404, "pdf_not_ready");
    portal.work().await;
    let invoice = people.accountant.get(&path).await.ok();
    assert_eq!(invoice["has_pdf"], true);
    let lines: Vec<String> = invoice["lines"].as_array().unwrap().iter().map(words).collect();
    insta::assert_snapshot!("lines_of_the_journeys_invoice", lines.join("\n"));
    // By hand: 7.50 once; (5 days of 3 seats + 6 days of 6 seats) of 28 days at 10.00; 12.5 hours at 0.40. Then 24 %.
    let totals = ["net", "tax", "total"].map(|name| invoice[name]["amount"].as_str().unwrap());
    assert_eq!(totals, ["30.71", "7.37", "38.08"]);
    let pdf = people.accountant.get(&format!("{path}/pdf")).await;
    assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
    let number = invoice["number"].as_str().unwrap();
    let name = pdf.header("content-disposition");
    assert!(name.contains(number) && name.ends_with(".pdf\""), "{name}");
    assert!(pdf.bytes.starts_with(b"%PDF-"), "a PDF");
}

fn words(line: &Json) -> String {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    format!(
        "{} to {}: {} {} {} = {}",
        text("from"),
        text("until"),
        text("quantity"),
        text("unit"),
        text("description"),
        line["amount"]["amount"].as_str().unwrap()
    )
}
