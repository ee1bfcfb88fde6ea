//! People, organizations, projects.

use entity::organization::StoredZones;
use entity::role_grant::ScopeKind;
use entity::{api_token, organization, organization_version, project, role_grant, session, throttle, user};
use model::{Currency, GrantId, Role, Scope, TokenId, TokenScope, ZoneSince};
use sea_orm::DatabaseConnection;
use serde_json::json;

use super::{ORGANIZATION, PROJECT, USER, day, fixed, keeps, moment};

pub(super) async fn insert(db: &DatabaseConnection) {
    accounts(db).await;
    keeps(db, organization()).await;
    let version = organization_version::Model {
        organization_id: ORGANIZATION,
        valid_from: "0001-01".parse().unwrap(),
        name: "O".into(),
        legal_name: "O OÜ".into(),
        registration_number: "1".into(),
        vat_number: "EE100931558".into(),
        address: "Street 1\nTartu".into(),
        country: "EE".into(),
        tax_percent: fixed("22"),
        verified_at: Some(moment()),
        verified_by: Some(USER),
        changed_at: moment(),
    };
    keeps(db, version).await;
    let project = project::Model {
        id: PROJECT,
        organization_id: ORGANIZATION,
        slug: "p".into(),
        name: "P".into(),
        description: String::new(),
        start_date: None,
        end_date: Some(day()),
        approval_limit: Some(fixed("100.5")),
        created_at: moment(),
    };
    keeps(db, project).await;
    let grant = role_grant::Model {
        id: GrantId(USER.0),
        user_id: USER,
        role: Role::ProviderManager,
        scope_kind: ScopeKind::Provider,
        scope_id: Some(ORGANIZATION.0),
        granted_by: None,
        reason: String::new(),
        created_at: moment(),
        expires_at: None,
        revoked_at: None,
    };
    assert_eq!(grant.scope().unwrap(), Scope::Provider(ORGANIZATION));
    keeps(db, grant).await;
}

async fn accounts(db: &DatabaseConnection) {
    let person = user::Model {
        id: USER,
        email: "ülle@example.org".into(),
        name: "Ülle Õun".into(),
        username: "ulle".into(),
        search_text: "ulle".into(),
        password_hash: None,
        time_zone: "Europe/Tallinn".into(),
        is_active: true,
        created_at: moment(),
        last_login_at: Some(moment()),
    };
    keeps(db, person).await;
    let session = session::Model {
        id: "s".into(),
        user_id: Some(USER),
        data: vec![0, 255, 7],
        expires_at: 1_800_000_000,
        created_at: moment(),
    };
    keeps(db, session).await;
    let token = api_token::Model {
        id: TokenId(USER.0),
        user_id: USER,
        name: "laptop".into(),
        prefix: "stoa_ab".into(),
        secret_hash: "00".into(),
        scopes: json!(["read", "order"]),
        created_at: moment(),
        last_used_at: None,
        expires_at: moment(),
        revoked_at: None,
    };
    assert_eq!(
        token.token_scopes().unwrap(),
        [TokenScope::Read, TokenScope::Order]
    );
    keeps(db, token).await;
    keeps(
        db,
        throttle::Model {
            bucket: "b".into(),
            failures: 3,
            blocked_until: None,
            updated_at: moment(),
        },
    )
    .await;
}

fn organization() -> organization::Model {
    organization::Model {
        id: ORGANIZATION,
        slug: "o".into(),
        name: "O".into(),
        search_text: "o".into(),
        email: "o@example.org".into(),
        bank_account: "EE00".into(),
        currency: Currency::Eur,
        zones: StoredZones(vec![ZoneSince {
            from: None,
            name: "Europe/Tallinn".into(),
        }]),
        is_provider: true,
        provider_description: String::new(),
        created_at: moment(),
    }
}
