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
        or new.total is not old.total)
begin
    select raise(abort, 'an issued invoice never changes');
end;

alter table invoices drop column covered;
alter table invoices drop column kind;
