//! How long drawing an invoice takes and how large its PDF is: `draw_invoice <database url> <id>` prints both as JSON.

use std::{
    env,
    io::{Write, stdout},
    sync::Arc,
    time::Instant,
};

use anyhow::Context;
use domain::{Cipher, Operations, SystemClock, connect::connect};
use serde_json::json;

/// Of as many drawings the middle one counts.
const TIMES: usize = 51;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut words = env::args().skip(1);
    let url = words
        .next()
        .context("the first argument is the database's address")?;
    let id = words
        .next()
        .context("the second argument is the id of an invoice")?;
    let id = id.parse().ok().context("this is no id of an invoice")?;
    let operations = Operations::new(
        connect(&url, 2).await?,
        Arc::new(SystemClock),
        Cipher::new("none is opened here"),
    );
    let document = operations.billing().document(id).await?;
    let mut took = Vec::with_capacity(TIMES);
    let mut bytes = 0;
    for _ in 0..TIMES {
        let started = Instant::now();
        bytes = documents::render(&document, &documents::ScriptFonts::default())?.len();
        took.push(started.elapsed());
    }
    took.sort_unstable();
    let middle = took.get(TIMES / 2).context("nothing was drawn")?;
    let milliseconds = middle.as_secs_f64() * 1000.0;
    writeln!(
        stdout(),
        "{}",
        json!({ "lines": document.lines.len(), "milliseconds": milliseconds, "bytes": bytes })
    )?;
    Ok(())
}
