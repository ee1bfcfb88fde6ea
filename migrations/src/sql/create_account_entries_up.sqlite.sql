insert into account_entries (id, organization_id, provider_id, currency, position, invoice_id, amount, created_at)
select id, organization_id, provider_id, currency,
    row_number() over (partition by organization_id, provider_id, currency order by month, id),
    id, -total, updated_at
from invoices where state = 'issued' and total < 0 and organization_id <> provider_id;

create trigger account_entries_stay_as_written before update on account_entries
begin
    select raise(abort, 'an account is append-only');
end;

create trigger account_entries_stay before delete on account_entries
begin
    select raise(abort, 'an account is append-only');
end;
