//! Walking through all that links lead to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Result, ensure};

use super::{Page, Person, kind_of};
use crate::process::interrupted;

/// Reads pages from the start page on: of each kind so many, `most` in all. Pages that are not there are left out;
/// an error where one fails.
pub(crate) fn crawl(person: &mut Person, of_a_kind: usize, most: usize) -> Result<Vec<(String, Page)>> {
    let mut pages = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut next = VecDeque::from(["/".to_owned()]);
    while let Some(address) = next.pop_front() {
        if pages.len() >= most {
            break;
        }
        ensure!(!interrupted(), "interrupted");
        let answer = person.get(&address)?;
        ensure!(answer.status < 500, "{address} answered {}", answer.status);
        if answer.status != 200 || !answer.is_page() {
            continue;
        }
        let page = Page::read(&answer.text());
        for link in &page.links {
            let count = kinds.entry(kind_of(link)).or_default();
            if *count < of_a_kind && seen.insert(link.clone()) {
                *count += 1;
                next.push_back(link.clone());
            }
        }
        pages.push((address, page));
    }
    Ok(pages)
}
