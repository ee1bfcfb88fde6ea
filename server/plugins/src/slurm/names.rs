//! Account names: deterministic, unique, and free of what the command line gives a meaning.

use model::ids::ResourceId;
use sha2::{Digest, Sha256};

use super::settings::ClusterSettings;
use crate::{BackendNames, PluginError, ResourceRequest};

/// SLURM itself allows more; longer names do not fit the tables that people read.
const LONGEST: usize = 60;
const HASH_DIGITS: usize = 8;

/// The three accounts of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AccountNames {
    pub(super) organization: String,
    pub(super) project: String,
    pub(super) resource: String,
}

impl AccountNames {
    /// The names for a request. A resource keeps the account it got, whatever became of the settings' prefix.
    pub(super) fn of(settings: &ClusterSettings, request: &ResourceRequest) -> Result<Self, PluginError> {
        let BackendNames {
            organization,
            project,
            resource,
        } = &request.names;
        let mut names = Self {
            organization: account(&settings.prefix, &[organization]),
            project: account(&settings.prefix, &[organization, project]),
            resource: account(&settings.prefix, &[organization, project, resource]),
        };
        if let Some(kept) = &request.backend_id {
            if !is_account(kept) {
                return Err(PluginError::needs_operator(format!(
                    "\"{}\" is not the name of an account the portal made.",
                    super::failure::shorten(kept)
                )));
            }
            names.resource.clone_from(kept);
        }
        Ok(names)
    }
}

/// The description of an account that was made for an organization.
pub(super) const ORGANIZATION_MARK: &str = "stoa:organization";
/// The description of an account that was made for a project.
pub(super) const PROJECT_MARK: &str = "stoa:project";
const RESOURCE_MARK: &str = "stoa:resource:";

/// The description of a resource's account. SLURM stores descriptions in small letters; so are these.
pub(super) fn resource_mark(resource: ResourceId) -> String {
    format!("{RESOURCE_MARK}{}", resource.0.as_hyphenated())
}

/// The resource that a description names.
pub(super) fn marked_resource(description: &str) -> Option<ResourceId> {
    description.strip_prefix(RESOURCE_MARK)?.parse().ok()
}

/// `prefix_part_part`, at most [`LONGEST`] characters. A name that had to be altered ends in a hash of what it came from,
/// so that different parts never meet in one name.
fn account(prefix: &str, parts: &[&String]) -> String {
    let cleaned: Vec<String> = parts.iter().map(|part| clean(part)).collect();
    let name = format!("{prefix}_{}", cleaned.join("_"));
    let faithful = cleaned.iter().zip(parts).all(|(cleaned, part)| cleaned == *part);
    if faithful && name.len() <= LONGEST {
        return name;
    }
    let kept: String = name.chars().take(LONGEST - HASH_DIGITS - 1).collect();
    format!("{}-{}", kept.trim_end_matches(['_', '-']), hash(parts))
}

fn clean(part: &str) -> String {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let cleaned: String = part
        .to_lowercase()
        .chars()
        .map(|c| if allowed(c) { c } else { '-' })
        .collect();
    if cleaned.is_empty() {
        "x".to_owned()
    } else {
        cleaned
    }
}

fn hash(parts: &[&String]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    digest
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .take(HASH_DIGITS)
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn is_account(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    name.len() <= LONGEST && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(allowed)
}

/// Whether SLURM and the systems behind it take this as a user's name.
pub(super) fn is_user(name: &str) -> bool {
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let first = |c: char| c.is_ascii_lowercase() || c == '_';
    name.len() <= 32 && name.starts_with(first) && name.chars().all(rest)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn name(parts: &[&str]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        account("stoa", &parts.iter().collect::<Vec<_>>())
    }

    #[test]
    fn plain_slugs_are_kept_as_they_are() {
        assert_eq!(
            name(&["tartu-university", "genomics", "hpc-7f3a"]),
            "stoa_tartu-university_genomics_hpc-7f3a"
        );
    }

    #[test]
    fn different_slugs_never_meet_in_one_account() {
        let long = "a".repeat(80);
        let inputs: [&[&str]; 9] = [
            &["a", "b"],
            &["a_b"],
            &["a-b"],
            &["A-b"],
            &["ä", "b"],
            &["ö", "b"],
            &[&long, "b"],
            &[&long, "c"],
            &["", "b"],
        ];
        let names: BTreeSet<String> = inputs.iter().map(|parts| name(parts)).collect();
        assert_eq!(names.len(), inputs.len(), "{names:?}");
    }

    #[test]
    fn every_name_is_one_that_slurm_takes() {
        for part in [
            "",
            "Ärger & Söhne",
            "x,y=z",
            "--",
            "\u{0}",
            &"ß".repeat(300),
            &"a_".repeat(50),
        ] {
            let name = name(&[part, part, part]);
            assert!(is_account(&name), "{name:?} from {part:?}");
        }
    }

    #[test]
    fn a_mark_is_read_back() {
        let id: ResourceId = "0193a5f0-1111-7000-8000-000000000001".parse().unwrap();
        assert_eq!(marked_resource(&resource_mark(id)), Some(id));
        assert_eq!(marked_resource("stoa:project"), None);
    }

    #[test]
    fn user_names_are_posix_names() {
        for good in ["alice", "_svc", "a-b_c9"] {
            assert!(is_user(good), "{good}");
        }
        for bad in [
            "",
            "Alice",
            "9lives",
            "-u",
            "a b",
            "a,b",
            "a=b",
            "ülle",
            &"a".repeat(33),
        ] {
            assert!(!is_user(bad), "{bad:?}");
        }
    }
}
