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

create trigger invoices_stay before delete on invoices
when old.state <> 'open'
begin
    select raise(abort, 'an issued invoice is never deleted');
end;

create trigger invoice_items_are_not_added before insert on invoice_items
when exists (select 1 from invoices where id = new.invoice_id and state <> 'open')
begin
    select raise(abort, 'an issued invoice gets no new line');
end;

create trigger invoice_items_stay_as_issued before update on invoice_items
when exists (select 1 from invoices where id in (old.invoice_id, new.invoice_id) and state <> 'open')
begin
    select raise(abort, 'a line of an issued invoice never changes');
end;

create trigger invoice_items_stay before delete on invoice_items
when exists (select 1 from invoices where id = old.invoice_id and state <> 'open')
begin
    select raise(abort, 'a line of an issued invoice is never deleted');
end;
