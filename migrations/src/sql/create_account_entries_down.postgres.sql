drop trigger account_entries_stay on account_entries;
drop function guard_account_entries();
