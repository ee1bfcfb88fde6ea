//! What stands on accounts, as buyers and sellers read it.

use std::collections::HashMap;

use entity::{account_entry, invoice};
use model::{AccountEntry, AccountStatement, Currency, OrganizationId, Page, PageRequest};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::list::seen_by_parties;
use super::{Billing, BillingError};
use crate::access::Actor;
use crate::page::{self, BadCursor};

/// Entries that a statement shows.
const SHOWN: i32 = 200;

/// Buyer, seller, currency: in this order accounts are listed.
type Key = (OrganizationId, OrganizationId, Currency);

impl Billing {
    /// The accounts that the actor may see, of one buyer or (`None`) of all: of buyers whose invoices the actor sees, and
    /// with providers for whom the actor acts. An account is there once something stood on it. In the order of buyers, then of
    /// sellers, as they were made. Three statements, whatever the number of accounts and entries.
    pub async fn accounts(
        &self,
        actor: &Actor,
        organization: Option<OrganizationId>,
        request: PageRequest,
    ) -> Result<Page<AccountStatement>, BillingError> {
        use account_entry::Column as C;
        let mut wanted = seen_by_parties(actor, C::OrganizationId, C::ProviderId)
            .add_option(organization.map(|id| C::OrganizationId.eq(id)));
        if let Some(key) = page::after(&request, 3)? {
            wanted = wanted.add(after(&key)?);
        }
        let newest = account_entry::Entity::find()
            .filter(wanted)
            .filter(is_newest())
            .order_by_asc(C::OrganizationId)
            .order_by_asc(C::ProviderId)
            .order_by_asc(C::Currency)
            .limit(page::fetch(&request))
            .all(self.core.read())
            .await?;
        let page = page::cut(newest, &request, |entry| {
            let (buyer, seller, currency) = key(entry);
            vec![buyer.to_string(), seller.to_string(), currency.code().to_owned()]
        });
        let ids = page
            .items
            .iter()
            .flat_map(|row| [row.organization_id, row.provider_id]);
        let names = self.names_of(ids.collect()).await?;
        let name = |id: OrganizationId| names.get(&id).cloned().unwrap_or_default();
        let mut entries = self.shown_entries(&page.items).await?;
        Ok(page.map(|newest| AccountStatement {
            organization_id: newest.organization_id,
            organization_name: name(newest.organization_id),
            provider_id: newest.provider_id,
            provider_name: name(newest.provider_id),
            currency: newest.currency,
            balance: newest.balance,
            entries: entries.remove(&key(&newest)).unwrap_or_default(),
        }))
    }

    /// The newest entries of these accounts, from the newest on.
    async fn shown_entries(
        &self,
        newest: &[account_entry::Model],
    ) -> Result<HashMap<Key, Vec<AccountEntry>>, BillingError> {
        use account_entry::Column as C;
        let mut shown: HashMap<Key, Vec<AccountEntry>> = HashMap::new();
        if newest.is_empty() {
            return Ok(shown);
        }
        let of_any = newest.iter().fold(Condition::any(), |any, entry| {
            any.add(
                Condition::all()
                    .add(C::OrganizationId.eq(entry.organization_id))
                    .add(C::ProviderId.eq(entry.provider_id))
                    .add(C::Currency.eq(entry.currency))
                    .add(C::Position.gt(entry.position.saturating_sub(SHOWN))),
            )
        });
        let rows = account_entry::Entity::find()
            .filter(of_any)
            .order_by_desc(C::Position)
            .find_also_related(invoice::Entity)
            .all(self.core.read())
            .await?;
        for (entry, document) in rows {
            let Some(document) = document else { continue };
            shown.entry(key(&entry)).or_default().push(AccountEntry {
                invoice_id: document.id,
                number: document.number.unwrap_or_default(),
                kind: document.kind,
                month: document.month,
                amount: entry.amount,
                balance: entry.balance,
                created_at: entry.created_at,
            });
        }
        Ok(shown)
    }
}

fn key(entry: &account_entry::Model) -> Key {
    (entry.organization_id, entry.provider_id, entry.currency)
}

/// No entry of its account follows; entries are numbered without gaps.
fn is_newest() -> SimpleExpr {
    use account_entry::Column as C;
    let later = Alias::new("later");
    let of = |column: C| Expr::col((later.clone(), column));
    let mut next = Query::select();
    next.expr(Expr::val(1))
        .from_as(account_entry::Entity, later.clone())
        .and_where(of(C::OrganizationId).equals(C::OrganizationId.as_column_ref()))
        .and_where(of(C::ProviderId).equals(C::ProviderId.as_column_ref()))
        .and_where(of(C::Currency).equals(C::Currency.as_column_ref()))
        .and_where(of(C::Position).eq(Expr::col(C::Position.as_column_ref()).add(1)));
    Expr::exists(next).not()
}

/// Accounts beyond the one in a cursor.
fn after(key: &[String]) -> Result<Condition, BadCursor> {
    use account_entry::Column as C;
    let [buyer, seller, currency] = key else {
        return Err(BadCursor);
    };
    let buyer: OrganizationId = buyer.parse().map_err(|_not_ours| BadCursor)?;
    let seller: OrganizationId = seller.parse().map_err(|_not_ours| BadCursor)?;
    let currency: Currency = currency.parse().map_err(|_not_ours| BadCursor)?;
    let same_pair = Condition::all()
        .add(C::OrganizationId.eq(buyer))
        .add(C::ProviderId.eq(seller))
        .add(C::Currency.gt(currency));
    let same_buyer = Condition::all()
        .add(C::OrganizationId.eq(buyer))
        .add(C::ProviderId.gt(seller));
    Ok(Condition::any()
        .add(C::OrganizationId.gt(buyer))
        .add(same_buyer)
        .add(same_pair))
}
