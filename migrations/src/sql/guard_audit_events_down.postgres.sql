drop trigger audit_events_stay on audit_events;
drop function guard_audit_events();
