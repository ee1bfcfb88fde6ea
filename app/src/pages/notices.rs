//! What a person was told of, and what they want to be told of.

mod list;
mod settings;

pub use self::{list::NoticesPage, settings::NoticeSettingsPage};
