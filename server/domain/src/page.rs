//! Cursors of lists: the sort key of the last row, opaque to callers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Kind, NamedSort, Page, PageRequest, Problem, SortOrder};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use crate::text;

/// A cursor that this portal did not make, or made for another list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct BadCursor;

impl BadCursor {
    /// What people and programs are shown.
    pub fn problem(self) -> Problem {
        Problem::invalid(vec![model::FieldFault::at(
            "cursor",
            "bad_cursor",
            "This is not a cursor of this list. Start again from the first page.",
        )])
    }

    /// The family of the failure.
    pub fn kind(self) -> Kind {
        Kind::Invalid
    }
}

/// Of a list without pages, in which what matters most comes first, at most so many rows are answered.
pub(crate) const MOST_AT_ONCE: usize = 200;

/// Rows to fetch for a page of `request`: one more than asked, to know whether there are more.
pub(crate) fn fetch(request: &PageRequest) -> u64 {
    u64::from(request.limit.clamp(1, PageRequest::MOST)) + 1
}

/// The sort key in the cursor of `request`, which must have `parts` parts.
pub fn after(request: &PageRequest, parts: usize) -> Result<Option<Vec<String>>, BadCursor> {
    let Some(cursor) = request.cursor.as_deref().filter(|cursor| !cursor.is_empty()) else {
        return Ok(None);
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_garbage| BadCursor)?;
    let key: Vec<String> = serde_json::from_slice(&bytes).map_err(|_garbage| BadCursor)?;
    // No row has such a text, and PostgreSQL refuses even to be asked for it.
    let is_text = !key.iter().any(|part| part.contains('\0'));
    if key.len() == parts && is_text {
        Ok(Some(key))
    } else {
        Err(BadCursor)
    }
}

/// Cuts the fetched rows to the page that was asked for; `key` is the sort key of a row.
pub fn cut<T>(mut rows: Vec<T>, request: &PageRequest, key: impl Fn(&T) -> Vec<String>) -> Page<T> {
    let limit = usize::try_from(request.limit.clamp(1, PageRequest::MOST)).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| {
        let json = serde_json::Value::from(key(last)).to_string();
        URL_SAFE_NO_PAD.encode(json)
    });
    Page { items: rows, next }
}

/// Rows whose id is among those that fit `seen`. Who sees few of many rows has them found by the indexes of `seen`, and who sees
/// many has only their ids put in order, not all that a list joins to them.
pub(crate) fn among<E, C>(id: C, seen: Condition) -> Condition
where
    E: EntityTrait,
    C: ColumnTrait,
{
    if seen.is_empty() {
        return seen;
    }
    let ids = E::find().select_only().column(id).filter(seen);
    Condition::all().add(id.in_subquery(ids.into_query()))
}

/// The page's rows of a list by id, newest first (ids sort by creation).
pub(crate) fn newest_first<E, C>(
    select: Select<E>,
    id: C,
    request: &PageRequest,
) -> Result<Select<E>, BadCursor>
where
    E: EntityTrait,
    C: ColumnTrait,
{
    let select = match after_id(request)? {
        Some(last) => select.filter(id.lt(last)),
        None => select,
    };
    Ok(select.order_by_desc(id).limit(fetch(request)))
}

/// The page's rows of a list by id, in the order that is wanted.
pub(crate) fn by_age<E, C>(
    select: Select<E>,
    id: C,
    request: &PageRequest,
    sort: SortOrder,
) -> Result<Select<E>, BadCursor>
where
    E: EntityTrait,
    C: ColumnTrait,
{
    if sort == SortOrder::Newest {
        return newest_first(select, id, request);
    }
    let select = match after_id(request)? {
        Some(last) => select.filter(id.gt(last)),
        None => select,
    };
    Ok(select.order_by_asc(id).limit(fetch(request)))
}

/// The page's rows of a list of things with names, in the order that is wanted. Ids sort by creation and are unique, so no
/// order has ties.
pub(crate) fn by_name_or_age<E, C>(
    select: Select<E>,
    name: C,
    id: C,
    request: &PageRequest,
    sort: NamedSort,
) -> Result<Select<E>, BadCursor>
where
    E: EntityTrait,
    C: ColumnTrait,
{
    let age = match sort {
        NamedSort::Newest => SortOrder::Newest,
        NamedSort::Oldest => SortOrder::Oldest,
        NamedSort::Name => {
            let select = match after_name(request)? {
                Some((last, last_id)) => select.filter(beyond(name, id, last, last_id)),
                None => select,
            };
            return Ok(select.order_by_asc(name).order_by_asc(id).limit(fetch(request)));
        }
    };
    by_age(select, id, request, age)
}

/// The sort key of a row in a list of things with names.
pub(crate) fn key(sort: NamedSort, name: &str, id: impl ToString) -> Vec<String> {
    match sort {
        NamedSort::Name => vec![name.to_owned(), id.to_string()],
        NamedSort::Newest | NamedSort::Oldest => vec![id.to_string()],
    }
}

/// The id in a cursor of one part.
pub fn after_id(request: &PageRequest) -> Result<Option<Uuid>, BadCursor> {
    match after(request, 1)?.as_deref() {
        Some([id]) => Uuid::parse_str(id).map(Some).map_err(|_garbage| BadCursor),
        _ => Ok(None),
    }
}

/// The name and id in a cursor of two parts.
pub fn after_name(request: &PageRequest) -> Result<Option<(String, Uuid)>, BadCursor> {
    match after(request, 2)?.as_deref() {
        Some([name, id]) => Uuid::parse_str(id)
            .map(|id| Some((name.clone(), id)))
            .map_err(|_garbage| BadCursor),
        _ => Ok(None),
    }
}

/// What a person searches for, ready for [`contains`]; `None` where nothing is left.
pub fn needle(search: &str) -> Option<String> {
    let text: String = search
        .trim()
        .chars()
        .filter(|letter| !letter.is_control())
        .take(100)
        .collect();
    let text = text::folded(&text);
    // Of a sign that stands above a letter a blank is left, which nearly every name holds.
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// "The column of folded text holds `needle`"; wildcards in the needle are ordinary characters.
pub(crate) fn contains<C: ColumnTrait>(column: C, needle: &str) -> SimpleExpr {
    let mut pattern = String::from("%");
    for letter in needle.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Expr::col(column.as_column_ref()).like(LikeExpr::new(pattern).escape('\\'))
}

/// "Behind `(name, id)`" in a list by name and id.
fn beyond<C: ColumnTrait>(name_column: C, id_column: C, name: String, id: Uuid) -> Condition {
    let same_name = Condition::all()
        .add(name_column.eq(name.clone()))
        .add(id_column.gt(id));
    Condition::any().add(name_column.gt(name)).add(same_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cursor: Option<String>) -> PageRequest {
        PageRequest { cursor, limit: 2 }
    }

    #[test]
    fn the_cursor_of_a_page_leads_to_the_next_and_the_last_page_has_none() {
        let page = cut(vec![3, 2, 1], &request(None), |row| vec![row.to_string()]);
        assert_eq!(page.items, [3, 2]);
        assert_eq!(after(&request(page.next), 1).unwrap(), Some(vec!["2".to_owned()]));
        assert_eq!(
            cut(vec![1], &request(None), |row: &i32| vec![row.to_string()]).next,
            None
        );
    }

    #[test]
    fn what_has_no_letters_is_not_searched_for() {
        for nothing in ["", "  ", "\u{0}", "\u{fe7a}", "\u{a8}", "\u{2028} \u{fe7a}"] {
            assert_eq!(needle(nothing), None, "{nothing:?}");
        }
        assert_eq!(needle(" \u{c4}rmel \u{fe7a}").as_deref(), Some("armel"));
    }

    #[test]
    fn foreign_cursors_are_refused() {
        let of_no_text = URL_SAFE_NO_PAD.encode(r#"["a\u0000"]"#);
        for cursor in ["%%%", "bm90IGpzb24", "WyJhIl0x", &of_no_text] {
            assert_eq!(after(&request(Some(cursor.into())), 1), Err(BadCursor));
        }
        let two = cut(vec![1, 2, 3], &request(None), |row| {
            vec![row.to_string(), String::new()]
        });
        assert_eq!(after(&request(two.next), 1), Err(BadCursor), "of another list");
        assert_eq!(after(&request(Some(String::new())), 1), Ok(None));
    }
}
