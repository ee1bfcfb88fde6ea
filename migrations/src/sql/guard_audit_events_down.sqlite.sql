drop trigger audit_events_stay_as_written;
drop trigger audit_events_stay;
