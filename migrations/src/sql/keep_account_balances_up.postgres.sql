alter table account_entries disable trigger account_entries_stay;

update account_entries set balance = known.balance
from (
    select id, sum(amount) over (partition by organization_id, provider_id, currency order by position) as balance
    from account_entries
) as known
where known.id = account_entries.id;

alter table account_entries enable trigger account_entries_stay;
