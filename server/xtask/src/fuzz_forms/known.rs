//! What is known of the portal by now: pages, forms and ids that were seen.

use std::collections::{BTreeMap, VecDeque};

use fastrand::Rng;
use serde_json::Value;

use crate::visit::{Form, Page, kind_of};

/// Of each kind so many are kept; old ones stay for a while, so that stale revisions come by themselves.
const OF_A_KIND: usize = 8;
const IDS_OF_A_KIND: usize = 30;

/// Things by their kind, so that a kind that is seen often is not tried more often.
struct Kinds<T> {
    all: BTreeMap<String, VecDeque<T>>,
}

impl<T> Default for Kinds<T> {
    fn default() -> Self {
        Self { all: BTreeMap::new() }
    }
}

impl<T: Clone + PartialEq> Kinds<T> {
    fn add(&mut self, kind: String, one: T, most: usize) {
        let seen = self.all.entry(kind).or_default();
        if seen.contains(&one) {
            return;
        }
        seen.push_back(one);
        if seen.len() > most {
            seen.pop_front();
        }
    }

    fn any(&self, rng: &mut Rng) -> Option<T> {
        let kind = rng.choice(self.all.values())?;
        rng.choice(kind).cloned()
    }

    fn of(&self, kind: &str, rng: &mut Rng) -> Option<T> {
        rng.choice(self.all.get(kind)?).cloned()
    }
}

/// What one person has seen.
#[derive(Default)]
pub(super) struct Seen {
    places: Kinds<String>,
    forms: Kinds<Drawn>,
    /// Forms that only look for something; they stand on every page.
    searches: Kinds<Drawn>,
}

/// A form; two that are drawn alike are the same.
#[derive(Clone)]
struct Drawn(Form);

impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        self.0.action == other.0.action && self.0.drawn() == other.0.drawn()
    }
}

impl Seen {
    /// Nothing yet but where everybody begins.
    pub(super) fn beginning() -> Self {
        let mut seen = Self::default();
        for address in ["/", "/marketplace", "/sign-in"] {
            seen.places.add(kind_of(address), address.to_owned(), OF_A_KIND);
        }
        seen
    }

    pub(super) fn learn(&mut self, page: Page) {
        for link in page.links {
            self.places.add(kind_of(&link), link, OF_A_KIND);
        }
        for form in page.forms {
            let forms = if form.is_post {
                &mut self.forms
            } else {
                &mut self.searches
            };
            forms.add(form.action.clone(), Drawn(form), OF_A_KIND);
        }
    }

    pub(super) fn place(&self, rng: &mut Rng) -> Option<String> {
        self.places.any(rng)
    }

    pub(super) fn form(&self, rng: &mut Rng) -> Option<Form> {
        let forms = if rng.u8(..10) == 0 {
            &self.searches
        } else {
            &self.forms
        };
        forms.any(rng).map(|drawn| drawn.0)
    }
}

/// Ids by what they name: `orders`, `plans`.
#[derive(Default)]
pub(super) struct Ids(Kinds<String>);

impl Ids {
    /// Those in addresses: `/orders/0190…`.
    pub(super) fn learn_addresses(&mut self, page: &Page) {
        for link in &page.links {
            let mut kind = "";
            for part in link.split(['/', '?', '&']) {
                if is_id(part) {
                    self.0.add(kind.to_owned(), part.to_owned(), IDS_OF_A_KIND);
                }
                kind = part;
            }
        }
    }

    /// Those in JSON: `plan_id`, and `id` within a list called `plans`.
    pub(super) fn learn_json(&mut self, value: &Value, called: &str) {
        match value {
            Value::Array(all) => all.iter().for_each(|one| self.learn_json(one, called)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    let kind = match name.strip_suffix("_id") {
                        Some(thing) => format!("{thing}s"),
                        None if name == "id" => called.to_owned(),
                        None if name == "items" => called.to_owned(),
                        None => name.clone(),
                    };
                    match value.as_str().filter(|text| is_id(text)) {
                        Some(id) => self.0.add(kind, id.to_owned(), IDS_OF_A_KIND),
                        None => self.learn_json(value, &kind),
                    }
                }
            }
            _ => {}
        }
    }

    /// An id of such a thing, else of any.
    pub(super) fn of(&self, kind: &str, rng: &mut Rng) -> Option<String> {
        self.0.of(kind, rng).or_else(|| self.0.any(rng))
    }

    pub(super) fn any(&self, rng: &mut Rng) -> Option<String> {
        self.0.any(rng)
    }
}

/// Whether a text is an id as the portal writes them.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_known_by_what_they_name() {
        let id = |last: u8| format!("0190aaaa-0000-7000-8000-00000000000{last}");
        let mut ids = Ids::default();
        let list = json!({ "items": [{ "id": id(1), "project_id": id(2), "plans": [{ "id": id(3) }] }] });
        ids.learn_json(&list, "offerings");
        let page = Page {
            links: vec![format!("/orders/{}/x?plan={}", id(4), id(5))],
            ..Page::default()
        };
        ids.learn_addresses(&page);
        let mut rng = Rng::with_seed(1);
        for (kind, last) in [("offerings", 1), ("projects", 2), ("plans", 3), ("orders", 4)] {
            assert_eq!(ids.of(kind, &mut rng), Some(id(last)), "{kind}");
        }
    }
}
