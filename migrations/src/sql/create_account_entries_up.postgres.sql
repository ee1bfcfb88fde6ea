insert into account_entries (id, organization_id, provider_id, currency, position, invoice_id, amount, created_at)
select id, organization_id, provider_id, currency,
    row_number() over (partition by organization_id, provider_id, currency order by month, id),
    id, -total, updated_at
from invoices where state = 'issued' and total < 0 and organization_id <> provider_id;

create function guard_account_entries() returns trigger language plpgsql as $$
begin
    raise exception 'an account is append-only';
end
$$;

create trigger account_entries_stay before update or delete on account_entries
    for each row execute function guard_account_entries();
