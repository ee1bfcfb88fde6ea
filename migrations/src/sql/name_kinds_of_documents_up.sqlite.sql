alter table invoices add column kind text not null default 'invoice';
alter table invoices add column covered bigint not null default 0;
update invoices set kind = 'internal' where state = 'open' and organization_id = provider_id;
update invoices set kind = 'credit_note' where state = 'open' and organization_id <> provider_id and total < 0;
update invoices set state = 'issued' where state in ('paid', 'canceled');

drop trigger invoices_stay_issued;
create trigger invoices_stay_issued before update on invoices
when old.state <> 'open' and (
        new.state = 'open'
        or new.organization_id is not old.organization_id
        or new.provider_id is not old.provider_id
        or new.currency is not old.currency
        or new.month is not old.month
        or new.number is not old.number
        or new.seller is not old.seller
        or new.buyer is not old.buyer
        or new.tax_percent is not old.tax_percent
        or new.reverse_charge is not old.reverse_charge
        or new.issued_on is not old.issued_on
        or new.due_on is not old.due_on
        or new.net is not old.net
        or new.tax is not old.tax
        or new.taxes is not old.taxes
        or new.total is not old.total
        or new.kind is not old.kind
        or new.covered is not old.covered)
begin
    select raise(abort, 'an issued invoice never changes');
end;
