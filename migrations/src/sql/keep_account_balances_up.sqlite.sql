drop trigger account_entries_stay_as_written;

update account_entries set balance = (
    select sum(earlier.amount) from account_entries as earlier
    where earlier.organization_id = account_entries.organization_id
        and earlier.provider_id = account_entries.provider_id
        and earlier.currency = account_entries.currency
        and earlier.position <= account_entries.position
);

create trigger account_entries_stay_as_written before update on account_entries
begin
    select raise(abort, 'an account is append-only');
end;
