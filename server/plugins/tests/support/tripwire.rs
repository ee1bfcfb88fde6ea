//! Processes that die after so many changes of the cluster.

#![expect(clippy::unwrap_used, reason = "what is not as it must be fails the test")]

use std::time::Duration;

use plugins::slurm::SlurmPlugin;

use crate::programs::Programs;

/// Stands in front of the real commands and stops for ever after the n-th that changes something. Dying before or after a look is the
/// same as dying after the change before it.
const TRIPWIRE: &str = r#"
"${0##*/}" "$@"; status=$?
case "${0##*/} $*" in "sacctmgr -i "*|"scancel "*|"scontrol "*" suspend "*|"scontrol "*" resume "*) ;; *) exit $status ;; esac
count=$(($(cat "$here/count" 2>/dev/null || echo 0) + 1)); echo $count > "$here/count"
[ "$(cat "$here/stop")" = $count ] && { : > "$here/tripped"; exec sleep 600; }
exit $status
"#;

/// Runs something in a process that dies after so many changes; whether it got that far.
pub(crate) async fn dies_after(changes: u32, timeout: Duration, run: impl AsyncFnOnce(SlurmPlugin)) -> bool {
    let programs = Programs::all(TRIPWIRE);
    std::fs::write(programs.file("stop"), changes.to_string()).unwrap();
    let run = run(programs.plugin(timeout));
    let tripped = async {
        while !programs.file("tripped").exists() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    // Dropping the future is what a killed process leaves: nothing more is asked, and no answer is read.
    tokio::select! {
        () = tripped => true,
        () = run => false,
    }
}
