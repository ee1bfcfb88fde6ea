create or replace function guard_issued_invoice() returns trigger language plpgsql as $$
begin
    if old.state = 'open' then
        if tg_op = 'DELETE' then
            return old;
        end if;
        return new;
    end if;
    if tg_op = 'DELETE' then
        raise exception 'an issued invoice is never deleted';
    end if;
    if new.state = 'open'
        or new.organization_id is distinct from old.organization_id
        or new.provider_id is distinct from old.provider_id
        or new.currency is distinct from old.currency
        or new.month is distinct from old.month
        or new.number is distinct from old.number
        or new.seller is distinct from old.seller
        or new.buyer is distinct from old.buyer
        or new.tax_percent is distinct from old.tax_percent
        or new.reverse_charge is distinct from old.reverse_charge
        or new.issued_on is distinct from old.issued_on
        or new.due_on is distinct from old.due_on
        or new.net is distinct from old.net
        or new.tax is distinct from old.tax
        or new.taxes is distinct from old.taxes
        or new.total is distinct from old.total
    then
        raise exception 'an issued invoice never changes';
    end if;
    return new;
end
$$;

alter table invoices drop column covered;
alter table invoices drop column kind;
