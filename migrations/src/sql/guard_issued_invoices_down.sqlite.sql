drop trigger invoices_stay_issued;
drop trigger invoices_stay;
drop trigger invoice_items_are_not_added;
drop trigger invoice_items_stay_as_issued;
drop trigger invoice_items_stay;
