//! The page that shows every component, rendered and checked as a document: what refers to something refers to something
//! that is there. What holds for all components together holds for the pages made of them.
#![cfg(feature = "ssr")]
#![recursion_limit = "256"]

use std::collections::{BTreeMap, BTreeSet};

use app::pages::design::{DesignComponents, DesignPage};
use leptos::prelude::*;

fn page() -> String {
    let owner = Owner::new();
    owner.with(|| {
        leptos_meta::provide_meta_context();
        view! { <DesignComponents/> }.to_html()
    })
}

#[test]
fn where_it_is_not_configured_there_is_no_such_page() {
    let owner = Owner::new();
    let shown = owner.with(|| {
        leptos_meta::provide_meta_context();
        view! { <DesignPage/> }.to_html()
    });
    assert!(!shown.contains("each in every state"), "{shown}");
}

/// All values of an attribute, in order.
fn values<'page>(page: &'page str, attribute: &str) -> Vec<&'page str> {
    let pattern = format!(" {attribute}=\"");
    page.split(&pattern)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// The opening tags of an element.
fn tags<'page>(page: &'page str, element: &str) -> Vec<&'page str> {
    let pattern = format!("<{element} ");
    page.split(&pattern)
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .collect()
}

#[test]
fn ids_are_unique() {
    let page = page();
    let mut counts = BTreeMap::<&str, u32>::new();
    for id in values(&page, "id") {
        *counts.entry(id).or_default() += 1;
    }
    assert!(counts.len() > 40, "only {} ids: is this the page?", counts.len());
    let twice: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn passwords_are_typed_unseen() {
    let page = page();
    let inputs = tags(&page, "input");
    let of_passwords = inputs.iter().filter(|tag| tag.contains("-password\""));
    let unseen = of_passwords.inspect(|tag| assert!(tag.contains("type=\"password\""), "{tag}"));
    assert!(unseen.count() > 0, "none is shown");
}

#[test]
fn what_refers_to_an_id_finds_it() {
    let page = page();
    let ids: BTreeSet<&str> = values(&page, "id").into_iter().collect();
    for attribute in [
        "for",
        "aria-describedby",
        "aria-labelledby",
        "aria-controls",
        "popovertarget",
        "list",
    ] {
        for value in values(&page, attribute) {
            for id in value.split(' ') {
                assert!(
                    ids.contains(id),
                    "{attribute} names `{id}`, which is not on the page"
                );
            }
        }
    }
    let summary = page
        .split("data-error-summary")
        .nth(1)
        .unwrap()
        .split("</ul>")
        .next()
        .unwrap();
    for link in values(summary, "href") {
        assert!(
            ids.contains(link.trim_start_matches('#')),
            "the error summary leads to {link}"
        );
    }
}

#[test]
fn every_control_has_a_name_to_be_called_by() {
    let page = page();
    let labelled: BTreeSet<&str> = values(&page, "for").into_iter().collect();
    for element in ["input", "select", "textarea"] {
        for tag in tags(&page, element) {
            let tag = format!(" {tag}");
            let hidden = tag.contains("type=\"hidden\"");
            let named =
                tag.contains("aria-label=") || values(&tag, "id").iter().any(|id| labelled.contains(id));
            // A radio card or a facet stands inside its label.
            let inside = page
                .split(&tag)
                .next()
                .is_some_and(|before| before.rfind("<label") > before.rfind("</label"));
            assert!(hidden || named || inside, "<{element}{tag}>");
        }
    }
}

#[test]
fn one_main_heading_and_no_level_left_out() {
    let page = page();
    let levels: Vec<u32> = page
        .split("<h")
        .skip(1)
        .filter_map(|rest| {
            rest.chars()
                .next()?
                .to_digit(10)
                .filter(|_| rest[1..].starts_with([' ', '>']))
        })
        .collect();
    assert_eq!(levels.first(), Some(&1));
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
}

#[test]
fn the_content_security_policy_has_nothing_to_refuse() {
    let page = page();
    assert!(values(&page, "style").is_empty());
    for handler in ["onclick", "onchange", "oninput", "onsubmit", "onload"] {
        assert!(values(&page, handler).is_empty(), "{handler}");
    }
    assert!(!page.contains("<script"));
}

#[test]
fn a_refused_field_says_so_to_everybody() {
    let page = page();
    let field = tags(&page, "input")
        .into_iter()
        .find(|tag| tag.contains("name=\"cpu\""))
        .unwrap();
    assert!(field.contains("aria-invalid=\"true\""), "{field}");
    assert!(
        field.contains("aria-describedby=\"f-cpu-error f-cpu-help\""),
        "{field}"
    );
    assert!(field.contains("value=\"128\""), "what was typed is kept: {field}");
}

#[test]
fn attributes_given_to_a_component_reach_its_element() {
    use app::components::{FormActions, LinkButton, Row, StateBadge, SubmitButton, TextField, Tone};
    let owner = Owner::new();
    let html = owner.with(|| {
        view! {
            <SubmitButton attr:data-test="one">"Send"</SubmitButton>
            <LinkButton href="/" attr:data-test="two">"Go"</LinkButton>
            <StateBadge tone=Tone::Good label="Running" attr:data-test="three"/>
            <FormActions attr:data-test="four">"x"</FormActions>
            <Row attr:data-test="five">""</Row>
            <TextField name="a" label="A" attr:data-test="six"/>
        }
        .to_html()
    });
    for (tag, id) in [
        ("button", "one"),
        ("a", "two"),
        ("span", "three"),
        ("div", "four"),
        ("tr", "five"),
        ("div", "six"),
    ] {
        let found = tags(&html, tag)
            .into_iter()
            .any(|tag| tag.contains(&format!("data-test=\"{id}\"")));
        assert!(found, "{id} is not on its {tag}: {html}");
    }
}

/// Parts of other components, and what stands around a page rather than on it.
const NOT_ON_THE_PAGE: [&str; 19] = [
    "CentredFrame",
    "CopyButton",
    "ErrorText",
    "FieldShell",
    "FigureTable",
    "FlashMessage",
    "Footer",
    "HelpText",
    "HiddenField",
    "HiddenFields",
    "LiveRegion",
    "Logo",
    "LogoLink",
    "Palette",
    "PlotFrame",
    "PolledRegion",
    "SidebarView",
    "ThemeButton",
    "TopBar",
];

/// Drawn from the model's types, and shown by the pages that have them.
const DRAWN_FROM_THE_MODEL: [&str; 2] = ["AttributeForm", "QuoteBox"];

#[test]
fn every_component_is_shown() {
    let read = |folder: &str| -> String {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src")
            .join(folder);
        let files = walkdir::WalkDir::new(root)
            .follow_links(true)
            .into_iter()
            .filter_map(Result::ok);
        files
            .filter(|file| file.file_type().is_file())
            .map(|file| std::fs::read_to_string(file.path()).unwrap())
            .collect()
    };
    let shown = format!("{}{}", read("pages/design"), read("pages/design.rs"));
    let made = read("components");
    let names: Vec<&str> = made
        .split("#[component]")
        .skip(1)
        .filter_map(|rest| {
            rest.trim_start()
                .strip_prefix("pub fn ")?
                .split(['(', '<'])
                .next()
        })
        .collect();
    assert!(names.len() > 80, "{names:?}");
    let unshown: Vec<_> = names
        .into_iter()
        .filter(|name| !NOT_ON_THE_PAGE.contains(name) && !DRAWN_FROM_THE_MODEL.contains(name))
        .filter(|name| !shown.contains(&format!("<{name}")))
        .collect();
    assert!(unshown.is_empty(), "not on the design page: {unshown:?}");
}
