//! What must be refused, and how: every refusal is clear, typed, and leaves nothing behind.

mod bad_input;
mod browsers;
mod limits;
mod logged;
mod tokens;
