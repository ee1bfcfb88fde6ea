drop trigger invoice_items_stay_issued on invoice_items;
drop trigger invoices_stay_issued on invoices;
drop function guard_issued_invoice_items();
drop function guard_issued_invoice();
