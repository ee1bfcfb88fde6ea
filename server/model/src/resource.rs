//! Resources: states and the moves between them (`domain.md` 4).

use serde::{Deserialize, Serialize};

use crate::text_enum;

text_enum! {
    /// Where a resource stands.
    ResourceState {
        /// Its order is executing.
        Creating = "creating", "Creating";
        /// In use.
        Ok = "ok", "Running";
        /// A change order is executing.
        Updating = "updating", "Updating";
        /// A termination is executing.
        Terminating = "terminating", "Terminating";
        /// Gone on the backend.
        Terminated = "terminated", "Terminated";
        /// Its creation failed, or a change left it in doubt.
        Erred = "erred", "Failed";
    }
}

text_enum! {
    /// What can happen to a resource.
    ResourceVerb {
        /// Its creation succeeded.
        Activate = "activate", "Activate";
        /// A change begins.
        BeginUpdate = "begin_update", "Begin a change";
        /// A change succeeded.
        FinishUpdate = "finish_update", "Finish a change";
        /// A termination begins.
        BeginTermination = "begin_termination", "Begin termination";
        /// The termination succeeded.
        FinishTermination = "finish_termination", "Finish termination";
        /// The backend does not end it: it runs on as it was.
        AbandonTermination = "abandon_termination", "Give up the termination";
        /// The backend gave up.
        Fail = "fail", "Fail";
        /// It failed only to end, and is found to run as it did.
        Recover = "recover", "Recover";
        /// A failed creation is tried again.
        RetryCreation = "retry_creation", "Try the creation again";
    }
}

/// A move that the state of a resource does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("this resource is {}: {} is not possible now", state.label().to_lowercase(), verb.label().to_lowercase())]
pub struct ResourceMoveRefused {
    /// The state it is in.
    pub state: ResourceState,
    /// What was tried.
    pub verb: ResourceVerb,
}

impl ResourceState {
    /// The state that follows when `verb` happens, or the refusal.
    pub fn after(self, verb: ResourceVerb) -> Result<Self, ResourceMoveRefused> {
        use ResourceState as S;
        use ResourceVerb as V;
        Ok(match (self, verb) {
            (S::Creating, V::Activate)
            | (S::Updating, V::FinishUpdate)
            | (S::Terminating, V::AbandonTermination)
            | (S::Erred, V::Recover) => S::Ok,
            (S::Ok | S::Erred, V::BeginUpdate) => S::Updating,
            (S::Ok | S::Erred, V::BeginTermination) => S::Terminating,
            (S::Terminating, V::FinishTermination) => S::Terminated,
            (S::Creating | S::Updating | S::Terminating, V::Fail) => S::Erred,
            (S::Erred, V::RetryCreation) => S::Creating,
            (state, verb) => return Err(ResourceMoveRefused { state, verb }),
        })
    }

    /// Gone for good.
    pub fn is_terminal(self) -> bool {
        self == Self::Terminated
    }

    /// Counts against stock and may be metered.
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Terminated)
    }

    /// May be changed by an order now.
    pub fn can_change(self) -> bool {
        self.after(ResourceVerb::BeginUpdate).is_ok()
    }

    /// May be terminated by an order now.
    pub fn can_terminate(self) -> bool {
        self.after(ResourceVerb::BeginTermination).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn moves_of_every_state() {
        let mut table = String::new();
        for state in ResourceState::ALL {
            for verb in ResourceVerb::ALL {
                let next = state.after(*verb).map_or("-", ResourceState::as_str);
                writeln!(table, "{:<12} {:<19} {next}", state.as_str(), verb.as_str()).unwrap();
            }
        }
        insta::assert_snapshot!(table);
    }
}
