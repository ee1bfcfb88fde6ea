//! What people set for themselves.

mod password;

pub use self::password::PasswordPage;
