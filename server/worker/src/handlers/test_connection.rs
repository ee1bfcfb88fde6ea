//! Tries the settings of an offering against its backend, for the provider who waits on the page.

use domain::access::Actor;
use model::OfferingId;
use plugins::PluginError;

use super::{Context, Fate, requests};

pub(super) async fn run(context: &Context, offering: OfferingId, fingerprint: &str) -> Result<Fate, Fate> {
    let catalogue = context.domain.catalogue();
    let system = Actor::system();
    let wanted = catalogue.settings_for_test(&system, offering).await?;
    if wanted.fingerprint != fingerprint {
        // The settings were changed meanwhile; whoever changed them asks for a test of their own.
        return Ok(Fate::Done);
    }
    let plugin = context.plugin(&wanted.kind)?;
    let settings = requests::settings_with_secrets(&plugin.settings_schema(), wanted.settings);
    let (ok, message) = match plugin.test_connection(&settings).await {
        Ok(report) => {
            let lines = report
                .findings
                .iter()
                .map(|one| format!("{} {}: {}", if one.ok { "✓" } else { "✗" }, one.label, one.text));
            let all: Vec<String> = std::iter::once(report.summary.clone()).chain(lines).collect();
            (report.is_ok(), all.join("\n"))
        }
        // The person who waits wants the answer now, whatever it is; they can press the button again.
        Err(
            error @ (PluginError::Retry { .. }
            | PluginError::Refused { .. }
            | PluginError::NeedsOperator { .. }),
        ) => (false, error.to_string()),
        Err(PluginError::Unsupported { .. }) => (true, "There is nothing to connect to.".to_owned()),
    };
    let answer = if ok { Ok(message) } else { Err(message) };
    catalogue
        .record_connection_test(&system, offering, fingerprint, answer)
        .await?;
    Ok(Fate::Done)
}
