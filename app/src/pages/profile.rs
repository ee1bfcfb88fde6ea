//! What people set for themselves.

mod away;
mod details;
mod password;
mod tokens;

pub use self::{away::AwayPage, details::ProfilePage, password::PasswordPage, tokens::TokensPage};
