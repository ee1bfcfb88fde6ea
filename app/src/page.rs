//! The frame of every page: loads what the page and its frame show, in one go, and answers a refusal with words and status.

mod sidebar;

use leptos::prelude::*;
use leptos_meta::Title;
use model::Kind;
use serde::{Deserialize, Serialize};

use crate::{
    components::*,
    error::AppError,
    form::FormFields,
    server_fns::session::{FrameFacts, load_frame, load_refusals},
};

/// Where in the portal a page stands; the sidebar follows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Area {
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

impl Area {
    /// Where a list stands: with what it is narrowed down to, where that opens for the reader.
    pub fn of_list(filters: &FormFields) -> Self {
        let named = |name: &str| Some(filters.text(name).to_owned()).filter(|id| !id.is_empty());
        let opening =
            |name: &str, address: fn(&str) -> String| named(name).filter(|id| can_open(&address(id)));
        opening("project", |id| crate::routes::project(id))
            .map(Self::Project)
            .or_else(|| opening("organization", |id| crate::routes::organization(id)).map(Self::Organization))
            .or_else(|| named("provider").map(Self::Provider))
            .or_else(|| {
                named("staff")
                    .filter(|_| can_open("/admin/invoices"))
                    .map(|_| Self::Staff)
            })
            .unwrap_or_default()
    }

    /// Tells a page that is opened from here where it was opened: the parameters of its address, [`Self::of_list`] reads
    /// them.
    pub fn parameters(&self) -> String {
        match self {
            Self::Market => String::new(),
            Self::Organization(id) => format!("?organization={id}"),
            Self::Project(id) => format!("?project={id}"),
            Self::Provider(id) => format!("?provider={id}"),
            Self::Staff => "?staff=true".to_owned(),
        }
    }

    /// The list of resources that belongs to this area.
    pub fn resources(&self) -> String {
        match self {
            Self::Project(id) => format!("/resources?project={id}"),
            Self::Organization(id) => format!("/resources?organization={id}"),
            Self::Provider(id) => crate::routes::provider_part(id, "resources"),
            Self::Market | Self::Staff => "/resources".to_owned(),
        }
    }

    /// The list of invoices that belongs to this area.
    pub fn invoices(&self) -> String {
        match self {
            Self::Organization(id) => format!("/invoices?organization={id}"),
            Self::Provider(id) => crate::routes::provider_part(id, "invoices"),
            Self::Staff => "/admin/invoices".to_owned(),
            Self::Market | Self::Project(_) => "/invoices".to_owned(),
        }
    }

    /// Where a thing of a project stands: with its project, for those to whom that opens.
    pub fn of_project(id: model::ProjectId) -> Self {
        if can_open(&crate::routes::project(id)) {
            Self::Project(id.to_string())
        } else {
            Self::Market
        }
    }
}

/// A whole page: the frame around what `body` shows. Nothing is sent before all of it is there, so the page is complete
/// without scripts and its status is right.
pub fn page<Body, View>(area: Area, body: Body) -> impl IntoView
where
    Body: Future<Output = Result<View, AppError>> + Send + 'static,
    View: IntoView + 'static,
{
    let known = area.clone();
    page_with_area(area, async move { body.await.map(|view| (known, view)) })
}

/// As [`page`], where only the body finds out where the page stands: an offering's page stands with its provider. `area`
/// is where a refusal stands.
pub fn page_with_area<Body, View>(area: Area, body: Body) -> impl IntoView
where
    Body: Future<Output = Result<(Area, View), AppError>> + Send + 'static,
    View: IntoView + 'static,
{
    let whole = async move {
        let unshown = UnshownErrors::default();
        provide_context(unshown.clone());
        provide_context(FaultLabels::default());
        provide_context(WaysOn::default());
        let frame = load_frame().await;
        #[cfg(feature = "ssr")]
        if let Ok(FrameFacts { now, zone, me, .. }) = &frame {
            provide_context(crate::ssr::page_time(*now, zone));
            if let Ok(opens) = crate::ssr::link_access(me.as_ref()) {
                provide_context(opens);
            }
            if let Ok(places) = crate::ssr::project_places(me.as_ref()) {
                provide_context(places);
            }
        }
        let body = body.await;
        let frame = match (frame, load_refusals().await) {
            (Ok(frame), Ok(mut refusals)) => {
                refusals.extend(unshown.take());
                Ok(FrameFacts { refusals, ..frame })
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        match (frame, body) {
            (Ok(frame), Ok((area, view))) => framed_page(frame, &area, view.into_any()),
            (Ok(frame), Err(error)) => refusal_page(frame, &area, &error),
            (Err(error), _) => refusal_page(FrameFacts::default(), &area, &error),
        }
    };
    view! { <Suspense>{Suspend::new(whole)}</Suspense> }
}

/// A page without the frame, such as the sign-in form.
pub fn page_without_frame<Body, View>(title: &'static str, body: Body) -> impl IntoView
where
    Body: Future<Output = Result<View, AppError>> + Send + 'static,
    View: IntoView + 'static,
{
    let whole = async move {
        match body.await {
            Ok(view) => view.into_any(),
            Err(error) => {
                #[cfg(feature = "ssr")]
                crate::ssr::answer_refusal(&error);
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

fn framed_page(facts: FrameFacts, area: &Area, body: AnyView) -> AnyView {
    let data = sidebar::frame_data(facts, area);
    view! { <Frame data=data>{body}</Frame> }.into_any()
}

/// The page of a refusal. Who is not signed in is sent to the sign-in form and comes back afterwards.
fn refusal_page(facts: FrameFacts, area: &Area, error: &AppError) -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::answer_refusal(error);
    #[cfg(feature = "ssr")]
    if error.kind() == Kind::Unauthenticated {
        crate::ssr::redirect(&crate::routes::sign_in(&facts.address));
    }
    let problem = error.0.clone();
    let title = problem.kind.title();
    let body = match problem.kind {
        Kind::Internal | Kind::Unavailable => {
            view! { <Failed title=title trace=problem.trace_id retry=facts.address.clone()>{problem.detail}</Failed> }
                .into_any()
        }
        _ => match ways_on() {
            Some(ways) => view! { <Refused title=title actions=ways>{problem.detail}</Refused> }.into_any(),
            None => view! { <Refused title=title>{problem.detail}</Refused> }.into_any(),
        },
    };
    framed_page(
        facts,
        area,
        view! { <Title text=title/> <h1 class="visually-hidden">{title}</h1> {body} }.into_any(),
    )
}

/// Links to where the reader goes on, if the page was told any.
fn ways_on() -> Option<AnyView> {
    let ways = use_context::<WaysOn>()?.take();
    let link = |(words, href): (&'static str, String)| view! { <LinkButton href=href>{words}</LinkButton> };
    (!ways.is_empty()).then(|| ways.into_iter().map(link).collect_view().into_any())
}
