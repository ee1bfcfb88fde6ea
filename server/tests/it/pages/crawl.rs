//! Clicks through the whole portal from its start page, as one person.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use reqwest::Url;

use crate::{
    api::Browser,
    html::{Form, Page},
};

/// Most pages that are looked at; more mean that the crawl runs in circles.
const MOST: usize = 1_500;

/// What was seen on the way.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The status of each address that a page links to.
    pub(super) statuses: BTreeMap<String, u16>,
    /// What is wrong, each with the page that shows it.
    pub(super) faults: BTreeSet<String>,
    /// Forms that are posted, with the page that draws them.
    pub(super) forms: Vec<(String, Form)>,
    /// Titles of what stands where there is nothing, with the page.
    pub(super) empty: BTreeSet<(String, String)>,
    links: usize,
}

impl Seen {
    /// `37 pages, 412 links`.
    pub(super) fn counts(&self) -> String {
        let refused = self.statuses.values().filter(|status| **status >= 400).count();
        format!(
            "{} addresses, {} links, {refused} refused",
            self.statuses.len(),
            self.links
        )
    }
}

/// Follows every link and every form with method get, each address once.
pub(super) async fn crawl(browser: &Browser, base: &str) -> Seen {
    let mut seen = Seen::default();
    let start = Url::parse(base).unwrap();
    let mut waiting = VecDeque::from([(start.clone(), "nowhere".to_owned())]);
    let mut asked = BTreeSet::from([address(&start)]);
    while let Some((url, from)) = waiting.pop_front() {
        assert!(asked.len() < MOST, "the crawl runs in circles: {}", address(&url));
        let answer = browser.get(&address(&url)).await;
        seen.statuses.insert(address(&url), answer.status);
        if answer.status >= 400 {
            seen.faults
                .insert(format!("{} {} from {from}", answer.status, address(&url)));
            continue;
        }
        let page = match answer.header("location") {
            "" if answer.header("content-type").starts_with("text/html") => Page::of(&answer.text),
            "" => continue,
            to => Page {
                links: vec![to.to_owned()],
                ..Page::default()
            },
        };
        look(&mut seen, &url, &page);
        for next in onwards(&url, &page) {
            seen.links += 1;
            if next.origin() == start.origin() && follows(&url, &next) && asked.insert(address(&next)) {
                waiting.push_back((next, address(&url)));
            }
        }
    }
    seen
}

/// Notes what a page holds besides its links.
fn look(seen: &mut Seen, url: &Url, page: &Page) {
    let here = address(url);
    if let Some(place) = url.fragment().filter(|place| !page.ids.contains(*place)) {
        seen.faults.insert(format!("{here} has no #{place}"));
    }
    let posted = page.forms.iter().filter(|form| form.method == "post");
    seen.forms.extend(posted.map(|form| (here.clone(), form.clone())));
    seen.empty
        .extend(page.empty.iter().map(|title| (here.clone(), title.clone())));
    let own: Vec<_> = page
        .links
        .iter()
        .filter_map(|link| link.strip_prefix('#'))
        .collect();
    for place in own
        .into_iter()
        .filter(|place| !place.is_empty() && !page.ids.contains(*place))
    {
        seen.faults.insert(format!("{here} has no #{place}"));
    }
}

fn onwards(url: &Url, page: &Page) -> Vec<Url> {
    let links = page.links.iter().filter_map(|link| url.join(link).ok());
    let searches = page
        .forms
        .iter()
        .filter(|form| form.method != "post")
        .map(|form| {
            let mut next = url.join(&form.action).unwrap();
            next.query_pairs_mut().clear().extend_pairs(&form.fields);
            next
        });
    links
        .chain(searches)
        .filter(|next| next.scheme().starts_with("http"))
        .collect()
}

/// The gallery of components shows links and forms that lead nowhere.
const GALLERY: &str = "/design";

/// Filters of a list can be combined without end: from a list that is filtered, other filters of it are not followed.
fn follows(url: &Url, next: &Url) -> bool {
    next.path() != GALLERY && (url.path() != next.path() || url.query().is_none() || next.query().is_none())
}

/// Path and query.
fn address(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}
