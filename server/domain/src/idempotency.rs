//! The same request twice has one effect and the same answer: answers are kept under the key that the client chose, in the
//! transaction of their effect.
//!
//! Invariants: a key belongs to its user and the scopes of the token; the same key with another request is a clash, never
//! a second effect; whatever happens between an effect and its answer (the client hangs up, the process dies), either both
//! are there or neither; an answer is kept for a day, and given to those only who have all the roles that they had then. [`crate::once`] carries a whole request out under a key.

mod error;
pub(crate) mod keys;

pub use error::IdempotencyError;
pub use keys::{AnswerOperations, KEY_PATTERN, LONGEST_ANSWER, LONGEST_KEY, MOST_KEYS};
