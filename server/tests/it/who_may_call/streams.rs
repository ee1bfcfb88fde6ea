use reqwest::Method;
use testkit::{Engine, run};

use super::{Things, answers, browsers, callers, table, things};
use crate::portal::Portal;

#[test]
fn every_file_and_stream_answers_each_role_as_the_table_says() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        let callers = callers(&portal.world, &things).await;
        let browsers = browsers(&portal, &callers).await;
        let rows = server::file_paths().map(|path| (path.to_owned(), filled(&things, path)));
        // A stream that is open has no end to wait for.
        let lines = answers(&browsers, rows, async |browser, sent| {
            let answer = browser.request(Method::GET, sent).send().await;
            answer.unwrap().status().as_u16()
        })
        .await;
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
