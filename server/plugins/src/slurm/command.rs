//! Runs SLURM's programs: argument vectors only, a bare environment, bounded time and output.

use std::{io, process::Stdio};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::Command,
    time,
};

use super::{SlurmHost, failure};
use crate::PluginError;

/// More than this is not an answer to any question asked here; a day of 100,000 jobs is about 12 MB.
const OUTPUT_LIMIT: u64 = 32 * 1024 * 1024;
/// So much of a list is read that people only see the beginning of.
const HEAD_LIMIT: u64 = 256 * 1024;
const USUAL_DIRECTORIES: &str = "/usr/local/bin:/usr/bin:/bin:/opt/slurm/bin";

/// The programs of one host.
#[derive(Debug)]
pub(super) struct Programs {
    host: SlurmHost,
    #[cfg(feature = "fuzzing")]
    recorded: Option<super::recorded::Recorded>,
}

/// What a program wrote and whether it was content.
#[derive(Debug)]
pub(super) struct Answer {
    program: &'static str,
    success: bool,
    stdout: String,
    stderr: String,
}

/// The beginning of what a program wrote.
#[derive(Debug)]
pub(super) struct Head {
    /// Whole lines.
    pub(super) text: String,
    /// There was more.
    pub(super) cut: bool,
}

impl Programs {
    pub(super) fn new(host: SlurmHost) -> Self {
        Self {
            host,
            #[cfg(feature = "fuzzing")]
            recorded: None,
        }
    }

    /// Programs that answer what they are told, and of which none is started.
    #[cfg(feature = "fuzzing")]
    pub(super) fn answering(recorded: super::recorded::Recorded) -> Self {
        Self {
            recorded: Some(recorded),
            ..Self::new(SlurmHost::default())
        }
    }

    /// Runs a program to its end. An error means that it did not come to an end of its own.
    pub(super) async fn run(&self, program: &'static str, args: &[String]) -> Result<Answer, PluginError> {
        #[cfg(feature = "fuzzing")]
        if let Some(recorded) = &self.recorded {
            return Ok(Answer::told(program, recorded.next()));
        }
        let (answer, cut) = self.in_time(program, args, OUTPUT_LIMIT).await?;
        if cut {
            return Err(failure::not_run(program, &too_much()));
        }
        Ok(answer)
    }

    /// Runs a program for the beginning of a list, however long it is. Fails as the program did.
    pub(super) async fn head(&self, program: &'static str, args: &[String]) -> Result<Head, PluginError> {
        #[cfg(feature = "fuzzing")]
        if let Some(recorded) = &self.recorded {
            let text = Answer::told(program, recorded.next()).expect_success()?;
            return Ok(Head { text, cut: false });
        }
        let (answer, cut) = self.in_time(program, args, HEAD_LIMIT).await?;
        let mut text = answer.expect_success()?;
        if cut {
            text.truncate(text.rfind('\n').map_or(0, |end| end + 1));
        }
        Ok(Head { text, cut })
    }

    /// Runs a program, and says whether it wrote more than this: it is then ended, and counts as content.
    async fn in_time(
        &self,
        program: &'static str,
        args: &[String],
        most: u64,
    ) -> Result<(Answer, bool), PluginError> {
        tracing::debug!(slurm.program = program, slurm.args = ?args, "running a SLURM command");
        let Ok(finished) = time::timeout(self.host.timeout, self.finish(program, args, most)).await else {
            return Err(failure::timed_out(program, self.host.timeout));
        };
        finished.map_err(|fault| failure::not_run(program, &fault))
    }

    async fn finish(&self, program: &'static str, args: &[String], most: u64) -> io::Result<(Answer, bool)> {
        let mut child = self.command(program, args).spawn()?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        // Both pipes are read at once: a program that fills the one would wait for ever while we read the other.
        let wanted = async {
            let (text, cut) = read_to(stdout, most).await?;
            if cut {
                child.start_kill()?;
            }
            Ok((text, cut))
        };
        let ((stdout, cut), stderr) = tokio::try_join!(wanted, read_bounded(stderr))?;
        let status = child.wait().await?;
        let answer = Answer {
            program,
            success: cut || status.success(),
            stdout,
            stderr,
        };
        Ok((answer, cut))
    }

    fn command(&self, program: &str, args: &[String]) -> Command {
        let mut command = match &self.host.bin_dir {
            Some(directory) => Command::new(directory.join(program)),
            None => Command::new(program),
        };
        command
            .args(args)
            .env_clear()
            .env("PATH", USUAL_DIRECTORIES)
            // Messages are recognised by their English text, and times are read as UTC.
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .env("SLURM_TIME_FORMAT", "standard")
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(conf) = &self.host.conf {
            command.env("SLURM_CONF", conf);
        }
        command
    }
}

async fn read_bounded(pipe: Option<impl AsyncRead + Unpin>) -> io::Result<String> {
    match read_to(pipe, OUTPUT_LIMIT).await? {
        (text, false) => Ok(text),
        (_, true) => Err(too_much()),
    }
}

/// Reads at most so much, and says whether there may be more.
async fn read_to(pipe: Option<impl AsyncRead + Unpin>, most: u64) -> io::Result<(String, bool)> {
    let Some(pipe) = pipe else {
        return Ok((String::new(), false));
    };
    let mut bytes = Vec::new();
    let read = pipe.take(most).read_to_end(&mut bytes).await?;
    let cut = u64::try_from(read).is_ok_and(|read| read >= most);
    Ok((String::from_utf8_lossy(&bytes).into_owned(), cut))
}

fn too_much() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "more output than any answer has")
}

impl Answer {
    #[cfg(feature = "fuzzing")]
    fn told(program: &'static str, answer: super::RecordedAnswer) -> Self {
        let text = String::from_utf8_lossy(&answer.text).into_owned();
        let (stdout, stderr) = if answer.success {
            (text, String::new())
        } else {
            (String::new(), text)
        };
        Self {
            program,
            success: answer.success,
            stdout,
            stderr,
        }
    }

    /// What the program wrote, where it was content; otherwise the failure that its messages tell.
    pub(super) fn expect_success(self) -> Result<String, PluginError> {
        if self.success {
            Ok(self.stdout)
        } else {
            Err(self.failure())
        }
    }

    /// Like [`Answer::expect_success`], where "there was nothing to do" is as good. `sacctmgr` exits with 1 then, for example when
    /// another process was faster.
    pub(super) fn expect_done(self) -> Result<(), PluginError> {
        let idle = ["Nothing new added", "Nothing modified", "Nothing deleted"];
        if self.success || idle.iter().any(|text| self.stdout.contains(text)) && !self.names_a_cause() {
            return Ok(());
        }
        Err(self.failure())
    }

    /// Whether the refusal is because of jobs that still run.
    pub(super) fn has_active_jobs(&self) -> bool {
        !self.success && (self.stdout.contains("Job(s) active") || self.stderr.contains("Job(s) active"))
    }

    /// Whether the refusal is because users would be left without a default account, rightly or not.
    pub(super) fn is_about_a_default_account(&self) -> bool {
        let text = "remove the default account of a user";
        !self.success && (self.stdout.contains(text) || self.stderr.contains(text))
    }

    /// Whether the refusal is because there is no job of this number.
    pub(super) fn knows_no_such_job(&self) -> bool {
        !self.success && self.stderr.contains("Invalid job id")
    }

    pub(super) fn is_success(&self) -> bool {
        self.success
    }

    pub(super) fn stdout(&self) -> &str {
        &self.stdout
    }

    pub(super) fn failure(&self) -> PluginError {
        failure::classify(self.program, &self.stderr, &self.stdout)
    }

    /// "Nothing new added" also ends messages such as "This account 'x' doesn't exist".
    fn names_a_cause(&self) -> bool {
        !self.stderr.trim().is_empty() || self.stdout.contains("doesn't exist")
    }
}
