//! Tries the settings of an offering against its backend, for the provider who waits on the page.

use async_trait::async_trait;
use domain::{
    access::Actor,
    jobs::{LeasedJob, kinds::TestConnection},
};
use plugins::PluginError;

use super::requests;
use super::run::{Context, JobOutcome, Run};

#[async_trait]
impl Run for TestConnection {
    async fn run(&self, context: &Context, leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let catalogue = context.operations.domain().catalogue();
        let system = Actor::system();
        let wanted = catalogue.settings_for_test(&system, self.offering_id).await?;
        if wanted.fingerprint != self.fingerprint {
            // The settings were changed meanwhile; whoever changed them asks for a test of their own.
            return Ok(JobOutcome::Done);
        }
        let plugin = context.plugin(&wanted.kind)?;
        let settings = requests::settings_with_secrets(&plugin.settings_schema(), wanted.settings);
        if let Some(reason) = context
            .unassigned(plugin.as_ref(), self.offering_id, &settings)
            .await?
        {
            catalogue
                .record_connection_test(&system, self.offering_id, &self.fingerprint, Err(reason))
                .await?;
            return Ok(JobOutcome::Done);
        }
        context
            .take_backend_slot(leased, plugin.as_ref(), &settings)
            .await?;
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
            .record_connection_test(&system, self.offering_id, &self.fingerprint, answer)
            .await?;
        Ok(JobOutcome::Done)
    }
}
