use std::str::FromStr;

use super::Reader;

/// What is logged and how.
#[derive(Debug, Clone)]
pub(crate) struct TelemetryConfig {
    /// A filter such as `info,sea_orm=warn`.
    pub(crate) log: String,
    pub(crate) format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

impl FromStr for LogFormat {
    type Err = Unknown;
    fn from_str(text: &str) -> Result<Self, Unknown> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(Unknown),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Unknown;

impl TelemetryConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let log = reader
            .text("log")
            .unwrap_or_else(|| "info,sqlx=warn,sea_orm=warn".into());
        if tracing_subscriber::EnvFilter::try_new(&log).is_err() {
            reader.fault("log", "expected a filter such as info or info,domain=debug");
        }
        Self {
            log,
            format: reader.parsed("log_format", LogFormat::Text, "text or json"),
        }
    }
}
