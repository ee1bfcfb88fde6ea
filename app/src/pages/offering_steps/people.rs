//! Who runs this one offering. Who runs all of a provider's stands with its organization.

use leptos::prelude::*;

use super::step::{Step, area_of, offering_id, step_page};
use crate::{
    page::{Area, page_with_area},
    pages::structure::{GrantScope, team_sections},
    server_fns::structure::{OfferingTeam, load_offering_team},
};

#[component]
pub fn OfferingPeoplePage() -> impl IntoView {
    let id = offering_id();
    page_with_area(Area::Market, async move {
        let OfferingTeam { offering, team } = load_offering_team(id).await?;
        let here = GrantScope {
            kind: "offering",
            id: offering.summary.id.to_string(),
        };
        let main = team_sections(team, here).into_any();
        Ok((area_of(&offering), step_page(Step::People, &offering, main, None)))
    })
}
