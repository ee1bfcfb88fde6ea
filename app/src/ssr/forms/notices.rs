//! Notices.

use model::NoticeId;

use super::form;

form! {
    /// A notice that is opened or noted as read.
    NoticeButton { notice: NoticeId; }
}

form! {
    /// All notices up to this one.
    NoticesRead { until: NoticeId; }
}

form! {
    /// What one wants to be told of, of the kinds that the page showed.
    NoticeChoices { shown: Vec<String>; told: Vec<String> }
}
