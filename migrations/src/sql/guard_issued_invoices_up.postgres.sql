create function guard_issued_invoice() returns trigger language plpgsql as $$
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

create function guard_issued_invoice_items() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        if exists (select 1 from invoices where id = old.invoice_id and state <> 'open') then
            raise exception 'a line of an issued invoice never changes';
        end if;
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    if exists (select 1 from invoices where id = new.invoice_id and state <> 'open') then
        raise exception 'an issued invoice gets no new line';
    end if;
    return new;
end
$$;

create trigger invoices_stay_issued before update or delete on invoices
    for each row execute function guard_issued_invoice();

create trigger invoice_items_stay_issued before insert or update or delete on invoice_items
    for each row execute function guard_issued_invoice_items();
