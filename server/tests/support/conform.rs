//! Every answer that a test gets is held against the description: its status and, of a refusal, its code must be said
//! there for this operation; what was made must say where it is.

use reqwest::Method;
use serde_json::Value as Json;
use tokio::sync::OnceCell;

use crate::api::Answer;

/// The description is the same for all portals of the tests.
static DESCRIPTION: OnceCell<Json> = OnceCell::const_new();

/// Fails where the answer is not one that the description knows. `base` ends in `/api/v1`.
pub(crate) async fn check(base: &str, method: &Method, path: &str, answer: &Answer) {
    let described = DESCRIPTION
        .get_or_init(async || {
            let request = reqwest::Client::new().get(format!("{base}/openapi.json"));
            Answer::of("GET /openapi.json".into(), request).await.ok()
        })
        .await;
    let path = path.split('?').next().unwrap();
    let Some(operation) = operation(described, method, path) else {
        let unknown = matches!(answer.status, 404 | 405);
        assert!(
            unknown,
            "{} is described nowhere: {}",
            answer.asked, answer.status
        );
        return;
    };
    let name = operation["operationId"].as_str().unwrap();
    let said = &operation["responses"][answer.status.to_string()];
    assert!(
        said.is_object(),
        "{name} ({}) answered {}, which its description does not say: {}",
        answer.asked,
        answer.status,
        answer.text
    );
    if answer.status >= 400 {
        let code = answer.json()["code"].clone();
        let codes = said["x-problem-codes"].as_array().unwrap();
        assert!(
            codes.contains(&code),
            "{name} answered {code}, which it does not declare"
        );
        return;
    }
    for header in said["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
    {
        let optional = header == "Idempotency-Replayed";
        assert!(
            optional || !answer.header(&header.to_lowercase()).is_empty(),
            "{name} answered without {header}"
        );
    }
}

/// The operation whose path fits best: one with fewer parameters.
fn operation<'a>(described: &'a Json, method: &Method, path: &str) -> Option<&'a Json> {
    let method = method.as_str().to_lowercase();
    let paths = described["paths"].as_object().unwrap();
    let fitting = paths.iter().filter(|(template, _)| fits(template, path));
    let (_, item) = fitting.min_by_key(|(template, _)| template.matches('{').count())?;
    item.get(&method)
}

fn fits(template: &str, path: &str) -> bool {
    let template = template.trim_start_matches("/api/v1");
    let (said, sent): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    said.len() == sent.len()
        && said
            .iter()
            .zip(sent)
            .all(|(said, sent)| said.starts_with('{') || *said == sent)
}
