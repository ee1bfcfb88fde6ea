use leptos::prelude::*;

use super::{
    question_builder::{QuestionBuilder, preview},
    step::{Step, area_of, offering_id, step_page},
};
use crate::{
    offering_form::Questions,
    page::{Area, page_with_area},
    server_fns::offerings::load_offering_step,
};

#[component]
pub fn FormPage() -> impl IntoView {
    let id = offering_id();
    page_with_area(Area::Market, async move {
        let facts = load_offering_step(id, "add_field".to_owned()).await?;
        let (offering, area) = (facts.offering.clone(), area_of(&facts.offering));
        let preview = preview(
            offering.request_form.clone(),
            "As a buyer sees it. Try it out: nothing is sent.",
            "No questions yet. Buyers choose project, plan and amounts in any case.",
        );
        let main = view! { <QuestionBuilder facts=facts questions=Questions::RequestForm/> };
        Ok((
            area,
            step_page(Step::Form, &offering, main.into_any(), Some(preview)),
        ))
    })
}
