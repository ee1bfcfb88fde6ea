//! Every version of a plan's terms and prices: reading them, and how those in force read for people.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{component, plan, plan_price, plan_terms};
use model::pricing::Next;
use model::{
    Binding, Coming, ComponentId, Currency, Fixed, OfferingId, Plan, PlanChange, PlanId, PlanPrice,
    PlanTerms, PriceId, PriceScheme, PriceVersion, PricedComponent, TermsVersion, ToCome, price_timeline,
    published, terms_timeline,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::zone::Zone;

/// Terms and prices that a plan can have had.
const MOST_VERSIONS: usize = 1_000;

/// Every version of the terms of a plan and, by component, of its prices, each in the order of their first instants.
#[derive(Debug, Clone)]
pub(crate) struct PlanVersions {
    pub(crate) currency: Currency,
    pub(crate) terms: Vec<TermsVersion>,
    pub(crate) prices: BTreeMap<ComponentId, Vec<PriceVersion>>,
}

/// What comes to who has a binding: the one answer of forms, quotes and resources.
pub(crate) struct ToBinding<'v> {
    pub(crate) terms: Vec<Next<'v, TermsVersion>>,
    pub(crate) prices: Vec<(&'v component::Model, Next<'v, PriceVersion>)>,
}

impl PlanVersions {
    /// What of terms and prices comes after `now` to what has this binding, also what does not change anything for it.
    pub(crate) fn coming<'v>(
        &'v self,
        components: &'v [component::Model],
        binding: &Binding,
        now: DateTime<Utc>,
    ) -> ToBinding<'v> {
        let terms = terms_timeline(&self.terms, binding);
        let of_component = |component: &'v component::Model| {
            let versions = self.prices.get(&component.id).map_or(&[][..], Vec::as_slice);
            let coming = price_timeline(versions, binding, &terms).coming(versions, now);
            coming.into_iter().map(move |next| (component, next))
        };
        ToBinding {
            prices: components.iter().flat_map(of_component).collect(),
            terms: terms.coming(&self.terms, now),
        }
    }

    /// The same as quotes take it into account, the next first.
    pub(crate) fn to_come(
        &self,
        components: &[component::Model],
        binding: &Binding,
        now: DateTime<Utc>,
    ) -> Vec<ToCome> {
        let coming = self.coming(components, binding, now);
        let at = |from, coming| ToCome {
            from,
            day: None,
            coming,
        };
        let terms = coming.terms.into_iter();
        let terms = terms.map(|next| at(next.from, Coming::Terms(next.version.terms)));
        let prices = coming.prices.into_iter().filter_map(|(component, next)| {
            let priced = PricedComponent::of(component.terms(), Some(next.version.price.clone()))?;
            Some(at(next.from, Coming::Price(Box::new(priced))))
        });
        let mut to_come: Vec<ToCome> = terms.chain(prices).collect();
        to_come.sort_by_key(|one| (one.from.is_none(), one.from));
        to_come
    }

    /// Of a plan that is not made yet.
    pub(super) fn none(currency: Currency) -> Self {
        Self {
            currency,
            terms: Vec::new(),
            prices: BTreeMap::new(),
        }
    }

    /// The ids of all of them.
    pub(crate) fn ids(&self) -> BTreeSet<uuid::Uuid> {
        let terms = self.terms.iter().map(|version| version.id.0);
        let prices = self.prices.values().flatten().map(|version| version.id.0);
        terms.chain(prices).collect()
    }

    /// So many that no more are taken: its history is shown whole.
    pub(super) fn are_many(&self) -> bool {
        self.terms.len() + self.prices.values().map(Vec::len).sum::<usize>() >= MOST_VERSIONS
    }

    /// The terms for who orders at `at`. A plan has some from the moment in which it is made.
    pub(crate) fn terms_at(&self, at: DateTime<Utc>) -> Result<&TermsVersion, DbErr> {
        published(&self.terms, at)
            .or(self.terms.first())
            .ok_or_else(|| DbErr::RecordNotFound("a plan has no terms".into()))
    }

    /// The price of a component for who orders at `at`; none before its first version.
    pub(crate) fn price_at(&self, component: ComponentId, at: DateTime<Utc>) -> Option<&PriceVersion> {
        published(self.prices.get(&component)?, at)
    }

    /// Names of the components that have no price here, not even a later one: the plan cannot be had.
    pub(crate) fn unpriced<'r>(&self, components: &'r [component::Model]) -> Vec<&'r str> {
        let unpriced = components.iter().filter(|row| !self.prices.contains_key(&row.id));
        unpriced.map(|row| row.name.as_str()).collect()
    }

    /// Whether it has prices, and none of them has begun by `at`: to have it now would be to have it for nothing.
    pub(crate) fn is_to_come(&self, at: DateTime<Utc>) -> bool {
        let mut priced = self
            .prices
            .values()
            .filter(|versions| !versions.is_empty())
            .peekable();
        priced.peek().is_some() && priced.all(|versions| published(versions, at).is_none())
    }

    /// The published version in whose place a price version of a component stands; itself where it was published. None
    /// where it is not one of this plan.
    pub(crate) fn published_as(&self, component: ComponentId, version: &str) -> Option<PriceId> {
        let versions = self.prices.get(&component)?;
        let found = versions.iter().find(|one| one.price.version == version)?;
        Some(found.corrects.unwrap_or(found.id))
    }

    /// What an order that is placed at `at` binds, for as long as `valid_until`.
    pub(crate) fn bind(
        &self,
        at: DateTime<Utc>,
        valid_until: Option<DateTime<Utc>>,
    ) -> Result<Binding, DbErr> {
        let prices: BTreeSet<_> = self
            .prices
            .values()
            .filter_map(|versions| Some(published(versions, at)?.id))
            .collect();
        Ok(Binding {
            placed_at: Some(at),
            begun_at: None,
            valid_until,
            terms: Some(self.terms_at(at)?.id),
            prices,
        })
    }
}

/// The versions of each of these plans. Two queries.
pub(crate) async fn versions_of<C: ConnectionTrait>(
    conn: &C,
    plans: &[plan::Model],
) -> Result<BTreeMap<PlanId, PlanVersions>, DbErr> {
    let ids: Vec<_> = plans.iter().map(|plan| (plan.id, plan.currency)).collect();
    versions_of_ids(conn, &ids).await
}

/// The same of plans in these currencies.
pub(crate) async fn versions_of_ids<C: ConnectionTrait>(
    conn: &C,
    plans: &[(PlanId, Currency)],
) -> Result<BTreeMap<PlanId, PlanVersions>, DbErr> {
    let ids = || plans.iter().map(|(id, _)| *id);
    let mut terms: HashMap<PlanId, Vec<TermsVersion>> = HashMap::new();
    for row in plan_terms::Entity::find_of_plans(ids()).all(conn).await? {
        terms.entry(row.plan_id).or_default().push(row.as_version());
    }
    let mut prices: HashMap<PlanId, BTreeMap<ComponentId, Vec<PriceVersion>>> = HashMap::new();
    for row in plan_price::Entity::find_of_plans(ids()).all(conn).await? {
        let of_plan = prices.entry(row.plan_id).or_default();
        of_plan
            .entry(row.component_id)
            .or_default()
            .push(row.as_version()?);
    }
    let versions = |(id, currency): &(PlanId, Currency)| {
        let versions = PlanVersions {
            currency: *currency,
            terms: terms.remove(id).unwrap_or_default(),
            prices: prices.remove(id).unwrap_or_default(),
        };
        (*id, versions)
    };
    Ok(plans.iter().map(versions).collect())
}

/// The versions of one plan.
pub(crate) async fn versions_of_plan<C: ConnectionTrait>(
    conn: &C,
    plan: &plan::Model,
) -> Result<PlanVersions, DbErr> {
    let mut versions = versions_of(conn, std::slice::from_ref(plan)).await?;
    versions
        .remove(&plan.id)
        .ok_or_else(|| DbErr::RecordNotFound("a plan has no versions".into()))
}

/// The versions of every plan of these offerings. Three queries.
pub(crate) async fn versions_of_offerings<C: ConnectionTrait>(
    conn: &C,
    offerings: BTreeSet<OfferingId>,
) -> Result<Vec<(OfferingId, PlanId, PlanVersions)>, DbErr> {
    let plans = plan::Entity::find()
        .filter(plan::Column::OfferingId.is_in(offerings))
        .all(conn)
        .await?;
    let mut versions = versions_of(conn, &plans).await?;
    let with = |plan: &plan::Model| Some((plan.offering_id, plan.id, versions.remove(&plan.id)?));
    Ok(plans.iter().filter_map(with).collect())
}

/// A plan as people see it at `now`: terms and prices in force, and what is published to come. `zone` is the seller's.
pub(super) fn plan_shown(
    row: &plan::Model,
    versions: &PlanVersions,
    components: &[component::Model],
    (zone, now): (Option<&Zone>, DateTime<Utc>),
) -> Result<Plan, DbErr> {
    let terms = versions.terms_at(now)?.terms;
    let changes = changes(row, versions, components, (zone, now));
    let price = |component: &component::Model| {
        let version = versions.price_at(component.id, now)?;
        Some(PlanPrice {
            id: version.id,
            component: component.code.clone(),
            text: version.price.scheme.describe(&component.unit, row.currency),
            price: version.price.clone(),
            starts_at: version.starts_at,
        })
    };
    Ok(Plan {
        id: row.id,
        name: row.name.clone(),
        description: row.description.clone(),
        currency: row.currency,
        billing_period: terms.billing_period,
        proration: terms.proration,
        charge_mode: terms.charge_mode,
        setup_fee: terms.setup_fee,
        price_changes: terms.price_changes,
        archived: row.archived,
        prices: components.iter().filter_map(price).collect(),
        // What has begun is bound by who orders now, so only what begins later comes.
        to_come: if changes.is_empty() {
            Vec::new()
        } else {
            to_come_with_days(versions, components, (zone, now))?
        },
        changes,
    })
}

/// What comes to who orders at `now`, with the seller's days.
fn to_come_with_days(
    versions: &PlanVersions,
    components: &[component::Model],
    (zone, now): (Option<&Zone>, DateTime<Utc>),
) -> Result<Vec<ToCome>, DbErr> {
    let mut to_come = versions.to_come(components, &versions.bind(now, None)?, now);
    for one in &mut to_come {
        one.day = one.from.zip(zone).map(|(from, zone)| zone.day(from));
    }
    Ok(to_come)
}

/// What is published and has not begun by `now`, the next first.
fn changes(
    row: &plan::Model,
    versions: &PlanVersions,
    components: &[component::Model],
    (zone, now): (Option<&Zone>, DateTime<Utc>),
) -> Vec<PlanChange> {
    let first_day = |at| zone.and_then(|zone| zone.day_begun(at));
    let mut changes = Vec::new();
    for version in versions.terms.iter().filter(|version| version.starts_at > now) {
        changes.push(PlanChange {
            component: None,
            name: "Terms".into(),
            text: terms_text(&version.terms, row.currency),
            starts_at: version.starts_at,
            first_day: first_day(version.starts_at),
        });
    }
    for component in components {
        let of_component = versions.prices.get(&component.id).into_iter().flatten();
        for version in of_component.filter(|version| version.starts_at > now) {
            changes.push(PlanChange {
                component: Some(component.code.clone()),
                name: component.name.clone(),
                text: version.price.scheme.describe(&component.unit, row.currency),
                starts_at: version.starts_at,
                first_day: first_day(version.starts_at),
            });
        }
    }
    changes.sort_by_key(|change| change.starts_at);
    changes
}

/// "Monthly, in arrears, part periods by the day, setup 10.00 EUR; changes reach resources that run 30 days after they
/// are published".
pub(crate) fn terms_text(terms: &PlanTerms, currency: Currency) -> String {
    let fee = if terms.setup_fee.is_positive() {
        format!("setup {}", model::Money::from_fixed(terms.setup_fee, currency))
    } else {
        "no setup fee".into()
    };
    let [period, mode, parts, reach] = lasting_terms(terms);
    let lower = |text: String| text.to_lowercase();
    format!(
        "{period}, {}, {}, {fee}; {}",
        lower(mode),
        lower(parts),
        lower(reach)
    )
}

/// What of the terms concerns resources that run, each part in words: all but the fee of setting one up.
pub(crate) fn lasting_terms(terms: &PlanTerms) -> [String; 4] {
    let [period, mode, parts] = terms.charging();
    let reach = format!(
        "Changes reach resources that run {}",
        terms.price_changes.describe()
    );
    [period, mode, parts, reach]
}

/// The price that lists compare by: of one unit, or of the first row.
pub(super) fn sort_price(scheme: &PriceScheme) -> Fixed {
    match scheme {
        PriceScheme::PerUnit { price } | PriceScheme::Package { price, .. } => *price,
        PriceScheme::Tiered { tiers } | PriceScheme::Volume { tiers } | PriceScheme::Stairstep { tiers } => {
            tiers.first().map(|tier| tier.price).unwrap_or_default()
        }
    }
}
