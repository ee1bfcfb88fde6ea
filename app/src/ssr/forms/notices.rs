//! Notices.

use model::NoticeId;

use super::{Text, form};

form! {
    /// A notice that is opened or noted as read, and the part of the list in which it stands.
    NoticeButton { notice: NoticeId; unread: Text, cursor: Text }
}

form! {
    /// All notices up to this one.
    NoticesRead { until: NoticeId; }
}

form! {
    /// What one wants to be told of, of the kinds that the page showed.
    NoticeChoices { shown: Vec<String>; told: Vec<String> }
}
