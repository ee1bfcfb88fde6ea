//! What addresses of lists hold: cursors, filters, words to search for.

use app::{
    order_filters::states_of,
    ssr::{catalogue_search::catalogue_search, decode_form},
};
use domain::page;
use model::{NamedSort, PageRequest, SortOrder};

/// Longer words are not searched for: each of them is compared with every row.
const LONGEST_NEEDLE: usize = 100;

/// The bytes are the query of a list's address.
///
/// # Panics
/// Where a cursor is not the one that its row would get, or something reaches the database that no text of ours can be.
pub fn cursors(bytes: &[u8]) {
    let Ok(query) = decode_form(bytes) else { return };
    let cursor = query.text("cursor").to_owned();
    is_whole(&PageRequest {
        cursor: Some(cursor),
        limit: query.text("limit").parse().unwrap_or(PageRequest::PORTAL),
    });
    for text in [query.text("q"), query.text("search")] {
        if let Some(needle) = page::needle(text) {
            assert!(!needle.chars().any(char::is_control), "{needle:?}");
            assert!(!needle.is_empty() && needle.trim() == needle, "{needle:?}");
            // One letter of a ligature or of Arabic becomes eighteen at most.
            assert!(
                needle.chars().count() <= 18 * LONGEST_NEEDLE,
                "{} letters",
                needle.chars().count()
            );
        }
    }
    let search = catalogue_search(&query, None);
    assert!(search.provider.is_none_or(|slug| !slug.is_empty()));
    drop(states_of(query.text("state")));
    let sort = query.text("sort");
    if let Some(named) = NamedSort::parse(sort) {
        assert_eq!(named.as_str(), sort);
    }
    if let Some(order) = SortOrder::parse(sort) {
        assert_eq!(order.as_str(), sort);
    }
}

/// A cursor that is taken is the cursor of a row, which leads to the same place again.
fn is_whole(request: &PageRequest) {
    for parts in [1, 2] {
        let Ok(Some(key)) = page::after(request, parts) else {
            continue;
        };
        assert_eq!(key.len(), parts);
        assert!(
            key.iter().all(|part| !part.contains('\0')),
            "PostgreSQL takes no such text: {key:?}"
        );
        let one_row = PageRequest::first(1);
        let next = page::cut(vec![(), ()], &one_row, |()| key.clone()).next;
        assert!(next.is_some(), "there is another row");
        let again = PageRequest {
            cursor: next,
            ..one_row
        };
        assert_eq!(page::after(&again, parts), Ok(Some(key)));
    }
    if let Ok(Some(id)) = page::after_id(request) {
        let key = page::after(request, 1).ok().flatten().unwrap_or_default();
        assert!(
            key.first().is_some_and(|text| text.parse() == Ok(id)),
            "{key:?} is {id}"
        );
    }
    if let Ok(Some((name, _))) = page::after_name(request) {
        assert!(!name.contains('\0'), "PostgreSQL takes no such text: {name:?}");
    }
}
