//! Notices: what a person was told of what happened.

use leptos::prelude::*;
use model::{Notice, NoticeSetting, Page};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, reply::FormReply};

/// What the list of notices shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notices {
    /// The newest first.
    pub page: Page<Notice>,
    /// Only those that were not read.
    pub only_unread: bool,
    /// Where this page of the list begins; empty on the first.
    pub cursor: String,
    /// How many there are that were not read; 100 stands for 100 or more.
    pub unread: u64,
    /// What was refused.
    pub reply: FormReply,
}

/// What the settings of notices show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoticeChoices {
    /// Each kind.
    pub settings: Vec<NoticeSetting>,
    /// What was sent and refused.
    pub reply: FormReply,
}

/// Lists what the person was told of.
#[server(prefix = "/fn", endpoint = "load_notices")]
pub async fn load_notices() -> Result<Notices, AppError> {
    use crate::ssr;
    let only_unread = ssr::query_value("unread")? == "true";
    let (actor, notices) = (ssr::actor()?, ssr::domain()?.notices());
    let page = notices.list(&actor, only_unread, &ssr::page_request()?).await?;
    let mut reply = FormReply::default();
    for form in ["open_notice", "read_notice", "read_notices"] {
        let refused = ssr::take_reply(form).await?;
        if refused.is_filled() {
            reply = refused;
        }
    }
    Ok(Notices {
        page,
        only_unread,
        cursor: ssr::query_value("cursor")?,
        unread: notices.unread(&actor).await?,
        reply,
    })
}

/// What the person wants to be told of.
#[server(prefix = "/fn", endpoint = "load_notice_settings")]
pub async fn load_notice_settings() -> Result<NoticeChoices, AppError> {
    use crate::ssr;
    Ok(NoticeChoices {
        settings: ssr::domain()?.notices().settings(&ssr::actor()?).await?,
        reply: ssr::take_reply("save_notice_settings").await?,
    })
}

/// Notes that a notice was read, and leads to what it tells of.
#[server(prefix = "/fn", endpoint = "open_notice")]
pub async fn open_notice() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms, link_access, notice_forms},
    };
    ssr::post(
        "open_notice",
        notice_forms::list,
        async |Sent { form, .. }: Sent<forms::NoticeButton>| {
            let (actor, domain) = (ssr::actor()?, ssr::domain()?);
            let notice = domain.notices().mark_read(&actor, form.notice).await?;
            let me = domain.me(&actor).await?;
            // What was open when the list was drawn may have been closed since.
            let to = routes::of_notice(&notice).filter(|to| link_access::can_open(&actor, &me, to));
            Ok(to.unwrap_or_else(routes::notices))
        },
    )
    .await
}

/// Notes that a notice was read.
#[server(prefix = "/fn", endpoint = "read_notice")]
pub async fn read_notice() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, notice_forms};
    ssr::post(
        "read_notice",
        notice_forms::list,
        async |Sent { form, fields }: Sent<forms::NoticeButton>| {
            let notices = ssr::domain()?.notices();
            notices.mark_read(&ssr::actor()?, form.notice).await?;
            Ok(notice_forms::list(&fields))
        },
    )
    .await
}

/// Notes that everything up to a notice was read.
#[server(prefix = "/fn", endpoint = "read_notices")]
pub async fn read_notices() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "read_notices",
        |_| routes::notices(),
        async |Sent { form, .. }: Sent<forms::NoticesRead>| {
            let notices = ssr::domain()?.notices();
            let read = notices.mark_all_read(&ssr::actor()?, form.until).await?;
            match read {
                0 => {}
                1 => ssr::flash("1 notice is marked as read.").await?,
                _ => ssr::flash(&format!("{read} notices are marked as read.")).await?,
            }
            Ok(routes::notices())
        },
    )
    .await
}

/// Keeps what the person wants to be told of.
#[server(prefix = "/fn", endpoint = "save_notice_settings")]
pub async fn save_notice_settings() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms, notice_forms},
    };
    ssr::post(
        "save_notice_settings",
        |_| routes::notice_settings(),
        async |Sent { form, .. }: Sent<forms::NoticeChoices>| {
            let (actor, notices) = (ssr::actor()?, ssr::domain()?.notices());
            let present = notices.settings(&actor).await?;
            let told = notice_forms::chosen(&form.shown, &form.told, &present)?;
            notices.set_settings(&actor, &told, Some(&present)).await?;
            ssr::flash("Saved. It counts for what happens from now on.").await?;
            Ok(routes::notice_settings())
        },
    )
    .await
}
