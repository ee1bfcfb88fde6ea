//! Names of resources on backends: plain ASCII, unique in the project, kept for the resource's life.

use entity::resource;
use model::{ProjectId, ResourceId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};

/// The most characters taken from the name; backends add prefixes of their own.
const LENGTH: usize = 30;

/// The slug for a new resource called `name`: the name itself where it is free in the project, otherwise with a few
/// digits of the resource's id. The name is looked up once, however many resources share it.
pub(super) async fn free_slug(
    tx: &impl ConnectionTrait,
    project: ProjectId,
    name: &str,
    resource: ResourceId,
) -> Result<String, DbErr> {
    let slug = slug_of(name);
    let taken = resource::Entity::find()
        .filter(resource::Column::ProjectId.eq(project))
        .filter(resource::Column::Slug.eq(slug.as_str()))
        .count(tx)
        .await?;
    if taken == 0 {
        return Ok(slug);
    }
    let id = resource.0.simple().to_string();
    // The end of a version 7 id is its random part.
    let tail: String = id.chars().skip(24).collect();
    Ok(format!("{slug}-{tail}"))
}

/// Lower-case ASCII letters, digits and single hyphens, starting with a letter.
fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(plain) {
        let fits = c.is_ascii_lowercase() || (c.is_ascii_digit() && !slug.is_empty());
        if fits {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= LENGTH {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "resource".to_owned() } else { slug.to_owned() }
}

/// The letter without its accent, for those of Europe's languages; other signs become a gap.
fn plain(c: char) -> impl Iterator<Item = char> {
    let text = match c {
        'ä' | 'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' | 'ā' | 'Ä' | 'À' | 'Á' | 'Â' | 'Ã' | 'Å' | 'Ą' => "a",
        'ö' | 'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'Ö' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ø' => "o",
        'ü' | 'ù' | 'ú' | 'û' | 'ů' | 'ū' | 'Ü' | 'Ù' | 'Ú' | 'Û' => "u",
        'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' | 'ē' | 'È' | 'É' | 'Ê' | 'Ë' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'Í' | 'Î' => "i",
        'ç' | 'č' | 'ć' | 'Ç' | 'Č' | 'Ć' => "c",
        'š' | 'ś' | 'Š' | 'Ś' => "s",
        'ž' | 'ź' | 'ż' | 'Ž' | 'Ź' | 'Ż' => "z",
        'ñ' | 'ń' | 'ň' | 'Ñ' | 'Ń' => "n",
        'ł' | 'Ł' => "l",
        'ř' | 'Ř' => "r",
        'ý' | 'ÿ' | 'Ý' => "y",
        'ß' => "ss",
        'æ' | 'Æ' => "ae",
        _ => "",
    };
    let own = if text.is_empty() { Some(c.to_ascii_lowercase()) } else { None };
    text.chars().chain(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_plain_words() {
        for (name, slug) in [
            ("Climate run 2025", "climate-run-2025"),
            ("Größe & Õpik", "grosse-opik"),
            ("  7 seas!! ", "seas"),
            ("データ", "resource"),
            ("a/../b", "a-b"),
            ("an extraordinarily long name of a resource", "an-extraordinarily-long-name-o"),
        ] {
            assert_eq!(slug_of(name), slug);
        }
    }
}
