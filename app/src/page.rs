//! The frame of every page: loads what the page and its frame show, in one go, and answers a refusal with words and status.

mod rails;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_meta::Title;
use model::{Kind, Me};
use serde::{Deserialize, Serialize};

use crate::{components::*, error::AppError, server_fns::session::load_frame};

/// Where in the portal a page stands; the rail follows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// The marketplace and one's own things.
    #[default]
    Market,
    /// An organization, by id.
    Organization(String),
    /// A project, by id.
    Project(String),
    /// A provider, by id of its organization.
    Provider(String),
    /// The installation.
    Staff,
}

/// What the frame of a page shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FrameFacts {
    /// Who is signed in.
    pub me: Option<Me>,
    /// What the last form said.
    pub flash: Option<String>,
    /// The path of the page.
    pub path: String,
    /// The path with its query, to come back to.
    pub address: String,
    /// What was searched for.
    pub query: String,
    /// When the page is drawn, for times such as "5 minutes ago".
    pub now: DateTime<Utc>,
    /// The person's offset from UTC at that time.
    pub zone_minutes: i32,
}

/// A whole page: the frame around what `body` shows. Nothing is sent before all of it is there, so the page is complete
/// without scripts and its status is right.
pub fn page<Body, View>(place: Place, body: Body) -> impl IntoView
where
    Body: Future<Output = Result<View, AppError>> + Send + 'static,
    View: IntoView + 'static,
{
    let known = place.clone();
    placed(place, async move { body.await.map(|view| (known, view)) })
}

/// As [`page`], where only the body finds out where the page stands: an offering's page stands with its provider. `place`
/// is where a refusal stands.
pub fn placed<Body, View>(place: Place, body: Body) -> impl IntoView
where
    Body: Future<Output = Result<(Place, View), AppError>> + Send + 'static,
    View: IntoView + 'static,
{
    let whole = async move {
        let frame = load_frame().await;
        if let Ok(FrameFacts {
            now, zone_minutes, ..
        }) = &frame
        {
            provide_context(PageTime {
                now: *now,
                zone_minutes: *zone_minutes,
            });
        }
        let body = body.await;
        match (frame, body) {
            (Ok(frame), Ok((place, view))) => framed(frame, &place, view.into_any()),
            (Ok(frame), Err(error)) => refused(frame, &place, &error),
            (Err(error), _) => refused(FrameFacts::default(), &place, &error),
        }
    };
    view! { <Suspense>{Suspend::new(whole)}</Suspense> }
}

/// A page without the frame, such as the sign-in form.
pub fn bare<Body, View>(title: &'static str, body: Body) -> impl IntoView
where
    Body: Future<Output = Result<View, AppError>> + Send + 'static,
    View: IntoView + 'static,
{
    let whole = async move {
        match body.await {
            Ok(view) => view.into_any(),
            Err(error) => {
                #[cfg(feature = "ssr")]
                crate::ssr::set_status(error.kind());
                view! {
                    <Title text=title/>
                    <CentredFrame title=title>
                        <Failed trace=error.0.trace_id>{error.0.detail}</Failed>
                    </CentredFrame>
                }
                .into_any()
            }
        }
    };
    view! { <Suspense>{Suspend::new(whole)}</Suspense> }
}

fn framed(facts: FrameFacts, place: &Place, body: AnyView) -> AnyView {
    let data = rails::frame_data(facts, place);
    view! { <Frame data=data>{body}</Frame> }.into_any()
}

/// The page of a refusal. Who is not signed in is sent to the sign-in form and comes back afterwards.
fn refused(facts: FrameFacts, place: &Place, error: &AppError) -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::set_status(error.kind());
    #[cfg(feature = "ssr")]
    if error.kind() == Kind::Unauthenticated {
        leptos_axum::redirect(&crate::routes::sign_in(&facts.address));
    }
    let problem = error.0.clone();
    let title = problem.kind.title();
    let body = match problem.kind {
        Kind::Internal | Kind::Unavailable => {
            view! { <Failed title=title trace=problem.trace_id retry=facts.address.clone()>{problem.detail}</Failed> }
                .into_any()
        }
        _ => view! { <Refused title=title>{problem.detail}</Refused> }.into_any(),
    };
    framed(
        facts,
        place,
        view! { <Title text=title/> <h1 class="visually-hidden">{title}</h1> {body} }.into_any(),
    )
}
