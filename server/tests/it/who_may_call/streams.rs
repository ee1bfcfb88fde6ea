use reqwest::Method;
use testkit::{Engine, run};

use super::{Things, browsers, callers, table, things};
use crate::portal::Portal;

#[test]
fn every_file_and_stream_answers_each_role_as_the_table_says() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        let callers = callers(&portal.world, &things).await;
        let browsers = browsers(&portal, &callers).await;
        let mut lines = Vec::new();
        for path in server::file_paths() {
            let sent = filled(&things, path);
            let mut statuses = Vec::new();
            for browser in &browsers {
                // A stream that is open has no end to wait for.
                let answer = browser.request(Method::GET, &sent).send().await.unwrap();
                let status = answer.status().as_u16();
                assert!(status < 500, "{sent}: {status}");
                statuses.push(status);
            }
            lines.push((path.to_owned(), statuses));
        }
        let names: Vec<String> = callers.into_iter().map(|(name, _)| name).collect();
        insta::assert_snapshot!(table(&names, &lines));
    });
}

/// The path with its parameter replaced by what it names.
fn filled(things: &Things, path: &str) -> String {
    let id = match path {
        "/invoices/{id}/pdf" => &things.invoice,
        "/events/orders/{id}" => &things.waiting,
        "/events/resources/{id}" => &things.resource,
        new => panic!("{new} has no row: say which thing it is asked for"),
    };
    path.replace("{id}", id)
}
