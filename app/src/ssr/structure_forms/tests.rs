use super::*;

const ID: &str = "0190aaaa-0000-7000-8000-000000000001";

fn form(pairs: &[(&str, &str)]) -> FormFields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn a_role_of_providers_is_given_on_the_selling_side() {
    let given = |role: &str| {
        role_and_scope(&form(&[
            ("scope", "organization"),
            ("scope_id", ID),
            ("role", role),
        ]))
        .unwrap()
        .1
    };
    assert_eq!(given("provider_manager"), Scope::Provider(ID.parse().unwrap()));
    assert_eq!(given("billing_reader"), Scope::Organization(ID.parse().unwrap()));
}

#[test]
fn the_last_day_of_a_role_counts_whole_where_it_is_given() {
    let end = |day: &str, zone: Tz| {
        let (person, project) = (ID.parse().unwrap(), ID.parse().unwrap());
        let grant = new_grant(person, Role::ProjectMember, Scope::Project(project));
        let grant = with_last_day(grant, &form(&[("until", day)]), zone).unwrap();
        grant.expires_at.unwrap().to_rfc3339()
    };
    assert_eq!(end("2026-12-31", Tz::UTC), "2027-01-01T00:00:00+00:00");
    assert_eq!(
        end("2026-12-31", Tz::Europe__Tallinn),
        "2026-12-31T22:00:00+00:00"
    );
    // Havana's clock goes from midnight to one o'clock on 8 March.
    assert_eq!(
        end("2026-03-07", Tz::America__Havana),
        "2026-03-08T05:00:00+00:00"
    );
}

#[test]
fn questions_of_a_category_are_lines() {
    let schema = questions("site: Site\nos: System: Debian 12, Rocky 9").unwrap();
    let values: Vec<_> = schema
        .field("os")
        .unwrap()
        .kind
        .choices()
        .iter()
        .map(|c| c.value.as_str())
        .collect();
    assert_eq!((schema.fields.len(), values), (2, vec!["debian_12", "rocky_9"]));
    assert!(schema.validate().is_ok());
    assert!(questions("only_a_key").is_err());
}

#[test]
fn a_token_lives_for_days() {
    let now = DateTime::UNIX_EPOCH;
    assert_eq!(
        end_after_days(&form(&[("days", "30")]), now).unwrap(),
        now + TimeDelta::days(30)
    );
    assert!(end_after_days(&form(&[("days", "soon")]), now).is_err());
    assert!(end_after_days(&form(&[]), now).is_err());
}
