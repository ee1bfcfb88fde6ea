//! What people set for themselves.

mod details;
mod password;
mod tokens;

pub use self::{details::ProfilePage, password::PasswordPage, tokens::TokensPage};
